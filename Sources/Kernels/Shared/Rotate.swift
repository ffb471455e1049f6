import SwiftletKernels

/// Rotates the first `rotaryWidth` dimensions of `count` heads, which lie side by side, by their token's position, in
/// place: dimension i with i + `rotaryWidth` / 2 by the angle position · frequency i (Su and others, "RoFormer", 2021).
@inline(__always)
func rotateHeads(
  _ x: UnsafeMutablePointer<Float>, count: Int, headWidth: Int, frequencies: UnsafePointer<Float>,
  rotaryWidth: Int, position: Int
) {
  let half = rotaryWidth / 2
  let place = Float(position)
  var index = 0
  while index < half {
    let (sine, cosine) = unsafe sineAndCosine(frequencies.lanes(at: index, end: half) * place)
    var first = unsafe x
    for _ in 0..<count {
      let second = unsafe first + half
      let (a, b) = unsafe (
        UnsafePointer(first).lanes(at: index, end: half), UnsafePointer(second).lanes(at: index, end: half)
      )
      unsafe first.store(a * cosine - b * sine, at: index, end: half)
      unsafe second.store(b * cosine + a * sine, at: index, end: half)
      unsafe first += headWidth
    }
    index &+= 16
  }
}
