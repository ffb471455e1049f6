/// The constant that rounds: adding it leaves a float of at most 2²² with no room for a fraction, so the sum's
/// low bits are the nearest whole number (ties to even).
let roundingConstant: Float = 12_582_912  // 1.5 · 2²³

/// eˣ, lane by lane; 0 below −87, where the result would be subnormal.
///
/// x = k·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by Cephes' polynomial of degree 7 (`expf`), times 2ᵏ. The largest
/// error over [−87, 88] is 1.1 ulp (tested). Arguments above 88 are taken as 88.
@inline(__always)
func exponential(_ argument: Part) -> Part {
  let x = argument.minimum(Part(repeating: 88))
  let shifted = x * 1.442_695_04 + roundingConstant
  let k = shifted - roundingConstant
  // ln 2 in two parts: k · the first is exact.
  var r = x - k * 0.693_359_375
  r = r + k * 2.121_944_4e-4
  var p = Part(repeating: 1.987_569_15e-4)
  p = p * r + 1.398_199_950_7e-3
  p = p * r + 8.333_451_907_3e-3
  p = p * r + 4.166_579_589_4e-2
  p = p * r + 1.666_666_545_9e-1
  p = p * r + 5.000_000_120_1e-1
  let y = p * (r * r) + r + 1
  let exponent = unsafe unsafeBitCast(shifted, to: Part.MaskStorage.self) &<< 23
  let scaled = unsafe unsafeBitCast(unsafeBitCast(y, to: Part.MaskStorage.self) &+ exponent, to: Part.self)
  return scaled.replacing(with: Part.zero, where: argument .< Part(repeating: -87))
}

/// ln x for a positive, normal x.
///
/// x = 2ᵏ·m with m in [√½, √2]; ln m by Cephes' polynomial (`logf`). The largest error is 1 ulp, or 6e-8
/// near 1 (tested). Zero, negative numbers and subnormals give a finite number without meaning; NaN gives NaN.
package func naturalLogarithm(_ x: Float) -> Float {
  guard x == x else { return x }
  let bits = x.bitPattern
  var exponent = Int(bits >> 23 & 255) - 126
  var m = Float(bitPattern: bits & 0x007F_FFFF | 0x3F00_0000)
  if m < 0.707_106_781 {
    exponent -= 1
    m = m + m - 1
  } else {
    m = m - 1
  }
  let k = Float(exponent)
  let square = m * m
  var p: Float = 7.037_683_629_2e-2
  p = p * m - 1.151_461_031_0e-1
  p = p * m + 1.167_699_874_0e-1
  p = p * m - 1.242_014_084_6e-1
  p = p * m + 1.424_932_278_7e-1
  p = p * m - 1.666_805_766_5e-1
  p = p * m + 2.000_071_476_5e-1
  p = p * m - 2.499_999_399_3e-1
  p = p * m + 3.333_333_117_4e-1
  var y = p * m * square
  y = y + k * -2.121_944_40e-4
  y = y - square * 0.5
  return m + y + k * 0.693_359_375
}
