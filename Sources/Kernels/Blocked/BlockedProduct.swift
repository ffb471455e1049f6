import SwiftletKernels

// The frame of every product but the plain one. An instruction set's module adds what is its own: `Accumulator`
// (16 int32 sums), `multiply`, `multiplyCounting`, `weightSums`, `addOffset`, `addWideOffset`, `floats`, and how much
// fits its registers: `BlockTokens` × `BlockTiles`, one vector × `VectorTiles`, and on x86-64 up to
// `FewTokens`, with as many tiles too if that makes no more than `FewSums` sums, else with `BlockTiles`.

/// How many tokens are multiplied together.
var blockTokens: Int { BlockTokens.count }

/// See `plainProduct`.
@inline(__always)
func blockedProduct(
  _ weights: LinearWeights, _ rows: QuantizedRows, count: Int, tiles: TileSelection, _ target: Target
) {
  if fewProducts(weights, rows, count: count, tiles, target) { return }
  guard count == 1 || tiles.places.count < BlockTiles.count else {
    return matrixProducts(weights, rows, count: count, tiles: tiles, target)
  }
  for token in 0..<count {
    unsafe vectorProducts(
      weights, rows.advanced(by: token, for: weights), tiles,
      Target(
        output: target.output + token &* target.stride, stride: target.stride,
        activation: target.activation), Vectors<1, 1>(repeating: .init(repeating: ())),
      VectorTiles(repeating: ()))
  }
}

/// The product with several tokens.
@inline(__always)
func matrixProducts(
  _ weights: LinearWeights, _ rows: QuantizedRows, count: Int, tiles: TileSelection, _ target: Target
) {
  let several = BlockTiles(repeating: ())
  var place = tiles.places.lowerBound
  let end = tiles.places.upperBound
  while place < end {
    // The last run begins earlier if it would go beyond the last tile: some are multiplied again.
    let start = max(min(place, end &- several.count), tiles.places.lowerBound)
    matrixProduct(TileRun(weights, tiles, at: start, several), rows, count: count, target)
    place &+= several.count
  }
}

/// `R` tiles that are multiplied together.
@safe struct TileRun<let R: Int> {
  let weights: LinearWeights
  /// Each tile's place in the output: from the first on, or the last tile's for those that would lie beyond it.
  let places: InlineArray<R, Int>
  let tiles: InlineArray<R, Int>

  @inline(__always)
  init(_ weights: LinearWeights, _ tiles: TileSelection, at place: Int, _: InlineArray<R, Void>) {
    let last = tiles.places.upperBound &- 1
    let places: InlineArray<R, Int> = filled(0) { min(place &+ $0, last) }
    self.weights = weights
    self.places = places
    self.tiles = filled(0) { tiles[places[$0]] }
  }

  /// Where each tile's weights for the inputs of `group` begin.
  @inline(__always)
  func blocks(group: Int) -> InlineArray<R, UnsafeRawPointer> {
    let start = unsafe UnsafeRawPointer(weights.tiles + 16 &* group &* weights.groupSize)
    return unsafe filled(start) { unsafe start + 16 &* tiles[$0] &* weights.paddedColumns }
  }

  /// Each tile's scales for the inputs of `group`.
  @inline(__always)
  func scales(group: Int) -> InlineArray<R, Lanes> {
    filled(Lanes.zero) { weights.scales(tile: tiles[$0], group: group) }
  }

  /// Each tile's Σw over the inputs of `group`: from the file, or counted.
  @inline(__always)
  func sums(group: Int) -> InlineArray<R, Accumulator> {
    if let sums = unsafe weights.sums { return unsafe self.sums(sums) }
    let blocks = unsafe blocks(group: group)
    return filled(Accumulator.zero) { unsafe weightSums(blocks[$0], inputs: weights.groupSize) }
  }

  /// Each tile's Σw over whole rows, from those of all rows.
  @inline(__always)
  func sums(_ sums: UnsafePointer<Int32>) -> InlineArray<R, Accumulator> {
    filled(Accumulator.zero) {
      unsafe UnsafeRawPointer(sums + 16 &* tiles[$0]).loadUnaligned(as: Accumulator.self)
    }
  }
}

/// Matrix × matrix: `R` tiles with all tokens, group by group, so that weights come from memory once and then lie in
/// the first cache for as many blocks of tokens as there are. The outputs hold the totals between groups.
@inline(__always)
func matrixProduct<let R: Int>(
  _ run: TileRun<R>, _ rows: QuantizedRows, count: Int, _ target: Target
) {
  let size = evenBlocks(of: count)
  for r in 0..<R { clearTile(at: run.places[r], count: count, target) }
  var dots = InlineArray<8, InlineArray<R, Accumulator>>(repeating: InlineArray(repeating: Accumulator.zero))
  unsafe withUnsafeMutablePointer(to: &dots) {
    let dots = unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: InlineArray<R, Accumulator>.self)
    for place in 0..<run.weights.inputGroups {
      let part = TileGroup(run, at: place)
      var token = 0
      while token < count {
        let rows = rows.advanced(by: token, for: run.weights)
        let tokens = tokensTogether(of: count &- token, size)
        let output = unsafe target.output + (token &* target.stride &+ 16 &* run.places[0])
        unsafe part.addProducts(rows, count: tokens, to: output, stride: target.stride, through: dots)
        token &+= tokens
      }
    }
  }
  for r in 0..<R {
    finishTile(run.weights, tile: run.tiles[r], at: run.places[r], count: count, target)
  }
}

/// The size of blocks of `count` tokens that are as even as can be.
@inline(__always)
private func evenBlocks(of count: Int) -> Int {
  let blocks = (count &+ blockTokens &- 1) / blockTokens
  return (count &+ blocks &- 1) / blocks
}

/// How many of the tokens that are left are multiplied together. Boards have no room for code for every count: theirs are
/// full blocks, and powers of two for what is left.
@inline(__always)
private func tokensTogether(of left: Int, _ size: Int) -> Int {
  #if hasFeature(Embedded)
    left >= blockTokens ? blockTokens : 1 &<< (Int.bitWidth &- 1 &- left.leadingZeroBitCount)
  #else
    min(size, left)
  #endif
}

/// What all tokens share in one part of a group of inputs of `R` tiles.
@safe struct TileGroup<let R: Int> {
  let weights: LinearWeights
  /// The part's place in the inputs.
  let place: Int
  let blocks: InlineArray<R, UnsafeRawPointer>
  let scales: InlineArray<R, Lanes>
  let sums: InlineArray<R, Accumulator>

  @inline(__always)
  init(_ run: TileRun<R>, at place: Int) {
    weights = run.weights
    self.place = place
    let group = weights.group(at: place)
    unsafe blocks = run.blocks(group: group)
    scales = run.scales(group: group)
    sums = run.sums(group: group)
  }

  /// Adds Σ (q + zero point) · w, with its scales, to the totals of `count` tokens, 1 to `blockTokens`.
  ///
  /// In the registers in which sums grow where there is code for as many tokens. That of several counts takes 5 KB more in
  /// all modules for x86-64: boards have it of full blocks alone.
  @inline(__always)
  func addProducts(
    _ rows: QuantizedRows, count: Int, to output: UnsafeMutablePointer<Float>, stride: Int,
    through dots: UnsafeMutablePointer<InlineArray<R, Accumulator>>
  ) {
    switch weights.scalesPerRow ? 0 : count {
    case blockTokens: unsafe addProducts(rows, BlockTokens(repeating: ()), to: output, stride: stride)
    #if !hasFeature(Embedded)
      case 4 where occurs(4):
        unsafe addProducts(rows, InlineArray<4, Void>(repeating: ()), to: output, stride: stride)
      case 5 where occurs(5):
        unsafe addProducts(rows, InlineArray<5, Void>(repeating: ()), to: output, stride: stride)
      case 6 where occurs(6):
        unsafe addProducts(rows, InlineArray<6, Void>(repeating: ()), to: output, stride: stride)
      case 7 where occurs(7):
        unsafe addProducts(rows, InlineArray<7, Void>(repeating: ()), to: output, stride: stride)
    #endif
    default:
      unsafe sumProducts(rows, count: count, into: dots)
      unsafe addScaled(dots, of: rows, count: count, to: output, stride: stride)
    }
  }

  /// Adds the products of `M` tokens in the registers in which their sums grow.
  @inline(__always)
  private func addProducts<let M: Int>(
    _ rows: QuantizedRows, _: InlineArray<M, Void>, to output: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var dots = InlineArray<R, InlineArray<M, Accumulator>>(
      repeating: InlineArray(repeating: Accumulator.zero))
    let values = unsafe UnsafeRawPointer(rows.values + place &* weights.groupSize)
    unsafe multiply(values, weights.inputStride, blocks, inputs: weights.groupSize, &dots)
    var output = unsafe output
    var (scale, zeroPoint) = unsafe (rows.scales + place, rows.zeroPoints + place)
    for m in 0..<M {
      for r in 0..<R {
        unsafe addOffset(sums[r], zeroPoint.pointee, to: &dots[r][m])
        let total = unsafe UnsafePointer(output).lanes(at: 16 &* r)
        unsafe output.store(total + scales[r] * (floats(dots[r][m]) * scale.pointee), at: 16 &* r)
      }
      unsafe output += stride
      unsafe scale += weights.inputGroups
      unsafe zeroPoint += weights.inputGroups
    }
  }

  /// Stores Σ q·w of `count` tokens, 1 to `blockTokens`.
  @inline(__always)
  func sumProducts(
    _ rows: QuantizedRows, count: Int, into dots: UnsafeMutablePointer<InlineArray<R, Accumulator>>
  ) {
    switch count {
    case 2 where occurs(2): unsafe sumProducts(rows, InlineArray<2, Void>(repeating: ()), into: dots)
    case 3 where occurs(3): unsafe sumProducts(rows, InlineArray<3, Void>(repeating: ()), into: dots)
    case 4 where occurs(4): unsafe sumProducts(rows, InlineArray<4, Void>(repeating: ()), into: dots)
    case 5 where occurs(5): unsafe sumProducts(rows, InlineArray<5, Void>(repeating: ()), into: dots)
    case 6 where occurs(6): unsafe sumProducts(rows, InlineArray<6, Void>(repeating: ()), into: dots)
    case 7 where occurs(7): unsafe sumProducts(rows, InlineArray<7, Void>(repeating: ()), into: dots)
    case 8 where occurs(8): unsafe sumProducts(rows, InlineArray<8, Void>(repeating: ()), into: dots)
    default: unsafe sumProducts(rows, InlineArray<1, Void>(repeating: ()), into: dots)
    }
  }

  /// Whether blocks of `tokens` occur: known when this is compiled, so the others cost no code.
  @inline(__always)
  private func occurs(_ tokens: Int) -> Bool {
    #if hasFeature(Embedded)
      tokens == blockTokens || tokens < blockTokens && tokens & (tokens &- 1) == 0
    #else
      tokens <= blockTokens
    #endif
  }

  @inline(__always)
  private func sumProducts<let M: Int>(
    _ rows: QuantizedRows, _: InlineArray<M, Void>,
    into dots: UnsafeMutablePointer<InlineArray<R, Accumulator>>
  ) {
    var sums = InlineArray<R, InlineArray<M, Accumulator>>(
      repeating: InlineArray(repeating: Accumulator.zero))
    let values = unsafe UnsafeRawPointer(rows.values + place &* weights.groupSize)
    unsafe multiply(values, weights.inputStride, blocks, inputs: weights.groupSize, &sums)
    for m in 0..<M {
      for r in 0..<R { unsafe dots[m][r] = sums[r][m] }
    }
  }

  /// Adds Σ (q + zero point) · w, with its scales, to the totals of `count` tokens: a loop, as there would be code for
  /// every count if this were done in the registers in which sums grow.
  @inline(__always)
  func addScaled(
    _ dots: UnsafeMutablePointer<InlineArray<R, Accumulator>>, of rows: QuantizedRows, count: Int,
    to output: UnsafeMutablePointer<Float>, stride: Int
  ) {
    for m in 0..<count {
      let (output, factors) = unsafe (output + m &* stride, m &* weights.inputGroups &+ place)
      let (scale, zeroPoint) = unsafe (rows.scales[factors], rows.zeroPoints[factors])
      for r in 0..<R {
        var dot = unsafe dots[m][r]
        if weights.scalesPerRow {
          addWideOffset(sums[r], zeroPoint, to: &dot)
        } else {
          addOffset(sums[r], zeroPoint, to: &dot)
        }
        let total = unsafe UnsafePointer(output).lanes(at: 16 &* r)
        unsafe output.store(total + scales[r] * (floats(dot) * scale), at: 16 &* r)
      }
    }
  }
}

/// An array of `element` at each index. (`InlineArray`'s own initialiser with a closure is not inlined, which would
/// keep sums out of registers.)
@inline(__always)
func filled<let N: Int, Element>(
  _ placeholder: Element, _ element: (Int) -> Element
) -> InlineArray<N, Element> {
  var array = InlineArray<N, Element>(repeating: placeholder)
  for index in 0..<N { array[index] = element(index) }
  return array
}
