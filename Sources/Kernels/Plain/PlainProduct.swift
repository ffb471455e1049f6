import SwiftletKernels

extension KernelSet {
  /// The plain reference, on every processor.
  public static var plain: KernelSet {
    kernelSet(name: "plain", zeroPoint: 0) {
      plainProduct($0, $1, count: $2, into: $3, stride: $4, activation: $5)
    }
  }
}

/// Y = activation(X Wᵀ + b) for `count` tokens: the plain reference of every product kernel.
///
/// Y is `[count][stride]` floats, stride ≥ `weights.paddedRows`; rows of padding come out as activation(0).
/// Each element is Σ over groups, in order, of w_scale · (scale · Σqw + mid · Σw), then + bias (numeric
/// contract, 2 and 3): sums of int8 products are exact in int32, everything else is float32 in that order.
/// - Complexity: O(count · rows · columns).
func plainProduct(
  _ weights: LinearWeights, _ activations: QuantizedRows, count: Int,
  into output: UnsafeMutablePointer<Float>,
  stride: Int, activation: Activation
) {
  let tileBytes = 16 &* weights.paddedColumns
  for token in 0..<count {
    let row = activations.values + token &* weights.paddedColumns
    for tile in 0..<weights.paddedRows / 16 {
      var total = Lanes.zero
      for group in 0..<weights.groups {
        let start = group &* weights.groupSize
        let block = weights.tiles + (tile &* tileBytes &+ 16 &* start)
        let (dots, sums) = plainDots(row + start, block, inputs: weights.groupSize)
        let place = token &* weights.groups &+ group
        var term = floats(dots) * activations.scales[place]
        if weights.usesOffset { term += floats(sums) * activations.middles[place] }
        total += weights.scales(tile: tile, group: group) * term
      }
      finish(total, weights, tile: tile, into: output + token &* stride, activation: activation)
    }
  }
}

/// Σ a·w and Σ w over `inputs` inputs, a multiple of 4, for the 16 rows of a tile.
///
/// A lane is a row, and holds the weights of 4 inputs as its bytes.
func plainDots(
  _ activations: UnsafePointer<Int8>, _ block: UnsafePointer<Int8>, inputs: Int
) -> (dots: SIMD16<Int32>, sums: SIMD16<Int32>) {
  var dots = SIMD16<Int32>.zero
  var sums = SIMD16<Int32>.zero
  for input in stride(from: 0, to: inputs, by: 4) {
    let weights = UnsafeRawPointer(block + 16 &* input).loadUnaligned(as: SIMD16<Int32>.self)
    for byte in 0..<4 {
      let column = (weights &<< Int32(24 &- 8 &* byte)) &>> 24  // sign-extended
      dots &+= column &* Int32(activations[input &+ byte])
      sums &+= column
    }
  }
  return (dots, sums)
}
