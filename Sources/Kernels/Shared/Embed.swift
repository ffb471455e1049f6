import SwiftletKernels

/// x = scale · E[token], or x += scale · E[token]: one row of an int8 embedding table, dequantised.
@inline(__always)
func embedRow(
  _ table: LinearWeights, token: Int, scale: Float, adds: Bool, into output: UnsafeMutablePointer<Float>
) {
  let tile = token / 16
  let lane = token % 16
  let blocks = unsafe table.tiles + (tile &* 16 &* table.paddedColumns &+ lane &* 4)
  var group = 0
  while group < table.groups {
    let factor = table.scales(tile: tile, group: group)[lane]
    let start = group &* table.groupSize
    let end = min(start &+ table.groupSize, table.columns)
    for input in start..<end {
      let q = unsafe Float(Int(blocks[(input & -4) &* 16 &+ (input & 3)]))
      let value = q * factor * scale
      unsafe output[input] = adds ? output[input] + value : value
    }
    group &+= 1
  }
}

/// x += PE(position), the sinusoidal encoding of `width` floats, from `width / 2` frequencies.
///
/// PE's pairs are sin(position · frequency) and cos(position · frequency) ("Attention Is All You Need", 3.5).
/// An odd width has one more sine than cosines.
@inline(__always)
func addPosition(
  _ position: Int, frequencies: UnsafePointer<Float>, layout: PositionLayout, width: Int,
  to x: UnsafeMutablePointer<Float>
) {
  let sines = (width &+ 1) / 2
  let place = Float(position)
  var index = 0
  while index < sines {
    let (sine, cosine) = unsafe sineAndCosine(frequencies.lanes(at: index, end: sines) * place)
    switch layout {
    case .halves:
      unsafe add(sine, to: x, at: index, end: sines)
      unsafe add(cosine, to: x, at: sines &+ index, end: width)
    case .interleaved:
      // What would lie beyond the width is neither read nor written.
      unsafe add(pairs(sine.lowHalf, cosine.lowHalf), to: x, at: 2 &* index, end: width)
      unsafe add(pairs(sine.highHalf, cosine.highHalf), to: x, at: 2 &* index &+ 16, end: width)
    }
    index &+= 16
  }
}

/// Adds the lanes to the floats from `index` to `end`, at most 16. Once a token: so it is there once, not inlined.
@inline(never)
private func add(_ lanes: Lanes, to x: UnsafeMutablePointer<Float>, at index: Int, end: Int) {
  unsafe x.add(lanes, at: index, end: end)
}

/// Lanes by turns from one and from the other.
@inline(__always)
private func pairs(_ first: SIMD8<Float>, _ second: SIMD8<Float>) -> Lanes {
  var lanes = Lanes.zero
  lanes.evenHalf = first
  lanes.oddHalf = second
  return lanes
}
