import SwiftletKernels

/// Where a product's results go.
struct Target {
  let output: UnsafeMutablePointer<Float>
  let stride: Int
  let activation: Activation
}

/// Adds the bias, applies the activation, and stores 16 rows of one token.
@inline(__always)
func finish(
  _ total: Lanes, _ weights: LinearWeights, tile: Int, into output: UnsafeMutablePointer<Float>,
  activation: Activation
) {
  var y = total
  if let bias = weights.bias { y += bias.lanes(at: 16 &* tile) }
  switch activation {
  case .none: break
  case .relu: y = y.maximum(Lanes.zero)
  case .swish: y = swish(y)
  }
  output.store(y, at: 16 &* tile)
}

/// x / (1 + e⁻ˣ), lane by lane.
@inline(__always)
func swish(_ x: Lanes) -> Lanes { x / (exponential(Lanes.zero - x) + 1) }
