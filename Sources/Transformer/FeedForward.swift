import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// The position-wise feed-forward sublayer for `count` tokens: activation(x W₁ + b₁) W₂ + b₂, its residual
  /// connection and norm ("Attention Is All You Need", section 3.3).
  mutating func feedForward(
    _ x: UnsafeMutablePointer<Float>, count: Int, _ weights: FeedForwardWeights, _ model: borrowing Model
  ) {
    let input = sublayerInput(x, count: count, weights.norm, model)
    let activation: Activation = model.architecture.activation == .swish ? .swish : .relu
    linear(weights.inner, input, count: count, into: inner.pointer, activation: activation)
    linear(
      weights.outer, inner.pointer, stride: weights.inner.outputStride, count: count, into: sublayer.pointer)
    connectResidual(x, stride: weights.outer.outputStride, count: count, weights.norm, model)
  }
}
