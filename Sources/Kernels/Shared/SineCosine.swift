/// sin x and cos x, lane by lane, for 0 ≤ x ≤ 65,536 radians.
///
/// x = k·π/2 + r with |r| ≤ π/4, by subtracting π/2 in three parts (Cody and Waite); Cephes' polynomials
/// (`sinf`, `cosf`). The absolute error is at most 1.2e-7 up to 8192, 2e-6 over the range (tested). Not inlined: it would be there once
/// for each layout of positions.
@inline(never)
func sineAndCosine(_ x: Part) -> (sine: Part, cosine: Part) {
  let shifted = x * 0.636_619_772 + roundingConstant
  let k = shifted - roundingConstant
  var r = x - k * 1.570_312_5
  r = r - k * 4.837_512_969_970_703e-4
  r = r - k * 7.549_789_948_768_648e-8
  let z = r * r
  var s = Part(repeating: -1.951_529_589_1e-4)
  s = s * z + 8.332_160_873_6e-3
  s = s * z - 1.666_665_461_1e-1
  let sine = s * z * r + r
  var c = Part(repeating: 2.443_315_711_809e-5)
  c = c * z - 1.388_731_625_493_765e-3
  c = c * z + 4.166_664_568_298_827e-2
  let cosine = c * z * z - z * 0.5 + 1
  let quadrant = unsafe unsafeBitCast(shifted, to: Part.MaskStorage.self)
  let (one, two) = (Part.MaskStorage(repeating: 1), Part.MaskStorage(repeating: 2))
  let swap = (quadrant & one) .== one
  let sineNegative = (quadrant & two) .== two
  let cosineNegative = ((quadrant &+ one) & two) .== two
  let sineValue = sine.replacing(with: cosine, where: swap)
  let cosineValue = cosine.replacing(with: sine, where: swap)
  return (
    sineValue.replacing(with: Part.zero - sineValue, where: sineNegative),
    cosineValue.replacing(with: Part.zero - cosineValue, where: cosineNegative)
  )
}
