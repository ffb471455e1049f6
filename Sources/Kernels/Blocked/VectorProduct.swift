import SwiftletKernels

// Matrix × vector, and × a few vectors, which costs hardly more: what takes the time is that weights come from memory, and
// they come once.

/// The vectors of `M` tokens, each of `P` parts.
typealias Vectors<let M: Int, let P: Int> = InlineArray<M, InlineArray<P, Void>>

/// The product with a few tokens, all parts of whose inputs are multiplied at once. Returns false if there is no code for so
/// many: on boards, which have little room, and on ARM there is none.
@inline(__always)
func fewProducts(
  _ weights: LinearWeights, _ rows: QuantizedRows, count: Int, _ tiles: TileSelection, _ target: Target
) -> Bool {
  #if arch(x86_64) && !hasFeature(Embedded)
    if weights.inputParts == 1 {
      switch count {
      case 2: return fewProducts(weights, rows, tiles, target, Vectors<2, 1>(repeating: .init(repeating: ())))
      case 3: return fewProducts(weights, rows, tiles, target, Vectors<3, 1>(repeating: .init(repeating: ())))
      case 4: return fewProducts(weights, rows, tiles, target, Vectors<4, 1>(repeating: .init(repeating: ())))
      default: return false
      }
    }
    switch count {
    case 1: return fewProducts(weights, rows, tiles, target, Vectors<1, 2>(repeating: .init(repeating: ())))
    case 2: return fewProducts(weights, rows, tiles, target, Vectors<2, 2>(repeating: .init(repeating: ())))
    case 3: return fewProducts(weights, rows, tiles, target, Vectors<3, 2>(repeating: .init(repeating: ())))
    case 4: return fewProducts(weights, rows, tiles, target, Vectors<4, 2>(repeating: .init(repeating: ())))
    default: return false
    }
  #else
    return false
  #endif
}

#if arch(x86_64)
  /// The same, if the instruction set gains by it: known when this is compiled, so others cost no code.
  @inline(__always)
  private func fewProducts<let M: Int, let P: Int>(
    _ weights: LinearWeights, _ rows: QuantizedRows, _ tiles: TileSelection, _ target: Target,
    _ vectors: Vectors<M, P>
  ) -> Bool {
    guard M <= FewTokens.count else { return false }
    if M &* P &* VectorTiles.count <= FewSums.count {
      vectorProducts(weights, rows, tiles, target, vectors, VectorTiles(repeating: ()))
    } else {
      vectorProducts(weights, rows, tiles, target, vectors, BlockTiles(repeating: ()))
    }
    return true
  }
#endif

/// The product with some vectors, `R` tiles at a time.
@inline(__always)
func vectorProducts<let M: Int, let P: Int, let R: Int>(
  _ weights: LinearWeights, _ rows: QuantizedRows, _ tiles: TileSelection, _ target: Target,
  _ vectors: Vectors<M, P>, _ several: InlineArray<R, Void>
) {
  var place = tiles.places.lowerBound
  while place < tiles.places.upperBound {
    // The last run may go beyond the last tile: that is multiplied again, which costs less room than runs of others.
    vectorProduct(TileRun(weights, tiles, at: place, several), rows, target, vectors)
    place &+= R
  }
}

/// `R` tiles × some vectors: the sums stay in registers from the first group to the last. A single vector may be one of a
/// token's parts, whose totals then grow part by part.
@inline(__always)
private func vectorProduct<let M: Int, let P: Int, let R: Int>(
  _ run: TileRun<R>, _ rows: QuantizedRows, _ target: Target, _ vectors: Vectors<M, P>
) {
  let weights = run.weights
  var totals = InlineArray<M, InlineArray<R, Lanes>>(repeating: InlineArray(repeating: Lanes.zero))
  var place = 0
  while place < weights.inputGroups {
    let dots = offsetProducts(run, rows, at: place, vectors)
    let scales = run.scales(group: weights.group(at: place))
    for m in 0..<M {
      for p in 0..<P {
        let scale = unsafe rows.scales[m &* weights.inputGroups &+ place &+ p]
        for r in 0..<R { totals[m][r] += scales[r] * (floats(dots[m][p][r]) * scale) }
      }
    }
    place &+= P
  }
  for r in 0..<R {
    let bias = unsafe weights.bias.map { unsafe $0.lanes(at: 16 &* run.tiles[r]) } ?? Lanes.zero
    for m in 0..<M {
      unsafe target.output.store(
        finished(totals[m][r] + bias, target.activation), at: m &* target.stride &+ 16 &* run.places[r])
    }
  }
}

/// Σ (q + zero point) · w over the inputs of one group: Σw is counted on the way where the file does not have it, so that
/// weights are read once.
@inline(__always)
private func offsetProducts<let M: Int, let P: Int, let R: Int>(
  _ run: TileRun<R>, _ rows: QuantizedRows, at place: Int, _: Vectors<M, P>
) -> InlineArray<M, InlineArray<P, InlineArray<R, Accumulator>>> {
  let weights = run.weights
  let group = weights.group(at: place)
  let values = unsafe UnsafeRawPointer(rows.values + place &* weights.groupSize)
  let none = InlineArray<R, Accumulator>(repeating: Accumulator.zero)
  var dots = InlineArray<M, InlineArray<P, InlineArray<R, Accumulator>>>(
    repeating: InlineArray(repeating: none))
  if let sums = unsafe weights.sums {
    let sums = unsafe run.sums(sums)
    for m in 0..<M {
      for p in 0..<P {
        unsafe multiply(
          values + (m &* weights.inputStride &+ p &* weights.groupSize), run.blocks(group: group),
          inputs: weights.groupSize, &dots[m][p])
        let zeroPoint = unsafe rows.zeroPoints[m &* weights.inputGroups &+ place &+ p]
        for r in 0..<R { addWideOffset(sums[r], zeroPoint, to: &dots[m][p][r]) }
      }
    }
    return dots
  }
  let sums = unsafe multiplyCounting(
    values, stride: weights.inputStride, run.blocks(group: group), inputs: weights.groupSize, &dots)
  for m in 0..<M {
    for p in 0..<P {
      let zeroPoint = unsafe rows.zeroPoints[m &* weights.inputGroups &+ place &+ p]
      for r in 0..<R { addOffset(sums[r], zeroPoint, to: &dots[m][p][r]) }
    }
  }
  return dots
}

/// Adds Σ q·w of one vector with `R` tiles over `inputs` inputs.
@inline(__always)
private func multiply<let R: Int>(
  _ values: UnsafeRawPointer, _ blocks: InlineArray<R, UnsafeRawPointer>, inputs: Int,
  _ dots: inout InlineArray<R, Accumulator>
) {
  var sums = InlineArray<R, InlineArray<1, Accumulator>>(
    repeating: InlineArray(repeating: Accumulator.zero))
  unsafe multiply(values, 0, blocks, inputs: inputs, &sums)
  for r in 0..<R { dots[r] = sums[r][0] }
}
