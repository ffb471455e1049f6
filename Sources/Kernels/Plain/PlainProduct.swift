import SwiftletKernels

extension KernelSet {
  /// The plain reference, on every processor.
  public static var plain: KernelSet {
    unsafe kernelSet(name: "plain", product: plainProduct)
  }

  /// The plain set's product alone.
  public static var plainProduct: Product {
    {
      unsafe SwiftletKernelsPlain.plainProduct(
        $0, $1, count: $2, tiles: $3, into: $4, stride: $5, activation: $6)
    }
  }
}

/// Y = activation(X Wᵀ + b) for `count` tokens and some tiles of rows: the plain reference of every product kernel.
///
/// Y is `[count][stride]` floats, stride ≥ 16 · `tiles.places.upperBound`; rows of padding come out as activation(0).
/// Each element is Σ over groups and their inputs' parts, in order, of w_scale · (scale · Σ (q + zero point) w), then
/// + bias (numeric contract, 2 and 3): sums of int8 products are exact in int32, everything else is float32 in that order.
/// - Complexity: O(count · rows · columns).
func plainProduct(
  _ weights: LinearWeights, _ activations: QuantizedRows, count: Int, tiles: TileSelection,
  into output: UnsafeMutablePointer<Float>, stride: Int, activation: Activation
) {
  for token in 0..<count {
    let row = unsafe activations.values + token &* weights.inputStride
    for place in tiles.places {
      let tile = tiles[place]
      var total = Lanes.zero
      for part in 0..<weights.inputGroups {
        let group = weights.group(at: part)
        let start = group &* weights.groupSize
        let block = unsafe weights.tiles + 16 &* (tile &* weights.paddedColumns &+ start)
        let (dots, sums) = unsafe plainDots(row + part &* weights.groupSize, block, inputs: weights.groupSize)
        let factors = token &* weights.inputGroups &+ part
        let whole = unsafe dots &+ sums &* activations.zeroPoints[factors]
        unsafe total +=
          weights.scales(tile: tile, group: group) * (floats(whole) * activations.scales[factors])
      }
      let bias = unsafe weights.bias.map { unsafe $0.lanes(at: 16 &* tile) } ?? Lanes.zero
      unsafe (output + token &* stride).store(finished(total + bias, activation), at: 16 &* place)
    }
  }
}

/// Σ q·w and Σ w over `inputs` inputs, a multiple of 4, for the 16 rows of a tile.
///
/// A lane is a row, and holds the weights of 4 inputs as its bytes.
func plainDots(
  _ activations: UnsafePointer<Int8>, _ block: UnsafePointer<Int8>, inputs: Int
) -> (dots: SIMD16<Int32>, sums: SIMD16<Int32>) {
  var dots = SIMD16<Int32>.zero
  var sums = SIMD16<Int32>.zero
  for input in stride(from: 0, to: inputs, by: 4) {
    // Tiles are aligned, as words at least; without an alignment, some processors would read byte by byte.
    let words = unsafe UnsafeRawPointer(block + 16 &* input).assumingMemoryBound(
      to: InlineArray<16, Int32>.self)
    let weights = unsafe unsafeBitCast(words.pointee, to: SIMD16<Int32>.self)
    for byte in 0..<4 {
      let column = (weights &<< Int32(24 &- 8 &* byte)) &>> 24  // sign-extended
      unsafe dots &+= column &* Int32(activations[input &+ byte])
      sums &+= column
    }
  }
  return (dots, sums)
}
