import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletThreads

extension Workspace {
  /// The position-wise feed-forward sublayer for `count` tokens: activation(x W₁ + b₁) W₂ + b₂, its residual
  /// connection and norm ("Attention Is All You Need", section 3.3).
  mutating func feedForward(
    _ x: UnsafeMutablePointer<Float>, count: Int, _ weights: FeedForwardWeights, _ model: borrowing Model
  ) {
    unsafe feedForward(of: sublayerInput(x, count: count, weights.norm, model), count: count, weights, model)
    unsafe connectResidual(x, stride: weights.outer.outputStride, count: count, weights.norm, model)
  }

  /// The feed-forward network alone; its result is in `sublayer`.
  mutating func feedForward(
    of input: UnsafePointer<Float>, count: Int, _ weights: FeedForwardWeights, _ model: borrowing Model
  ) {
    let architecture = model.architecture
    let isFused = architecture.activation == .relu && !architecture.isGated
    unsafe linear(
      weights.inner, input, count: count, into: inner.pointer, activation: isFused ? .relu : .none)
    if !isFused, let function = architecture.activation.function {
      unsafe activate(
        inner.pointer, stride: weights.inner.outputStride, count: count, width: weights.outer.columns,
        function, isGated: architecture.isGated)
    }
    unsafe linear(
      weights.outer, inner.pointer, stride: weights.inner.outputStride, count: count, into: sublayer.pointer)
  }

  /// Applies a function, and a gate if there is one, to `width` floats of each of `count` rows of `stride`.
  mutating func activate(
    _ x: UnsafeMutablePointer<Float>, stride: Int, count: Int, width: Int, _ function: PointwiseFunction,
    isGated: Bool = false
  ) {
    unsafe withUnsafePointer(to: kernels) { kernels in
      unsafe threads.share(
        PointwiseWork(
          kernels: kernels, x: x, stride: stride, count: count, width: width, function: function,
          isGated: isGated))
    }
  }
}

extension Architecture.Activation {
  /// The kernels' function of that name; nil for none.
  var function: PointwiseFunction? {
    switch self {
    case .none: nil
    case .relu: .relu
    case .swish: .swish
    case .gelu: .gelu
    case .geluTanh: .geluTanh
    case .tanh: .tanh
    }
  }
}

/// Rows to apply a function to: each thread takes some rows.
@safe private struct PointwiseWork: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let x: UnsafeMutablePointer<Float>
  let stride: Int
  let count: Int
  let width: Int
  let function: PointwiseFunction
  let isGated: Bool

  // An exponential takes several times as long as reading. One row alone is not shared.
  var size: Int { count == 1 ? 0 : count &* width &* 16 }

  func run(_ share: Share) {
    for row in share.range(of: count) {
      unsafe kernels.pointee.activate(x + row * stride, stride, 1, width, function, isGated)
    }
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
