import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletThreads

extension Workspace {
  /// LayerNorm of `count` tokens.
  mutating func normalize(
    _ input: UnsafePointer<Float>, count: Int, _ norm: NormWeights, _ model: borrowing Model,
    into output: UnsafeMutablePointer<Float>
  ) {
    let architecture = model.architecture
    withUnsafePointer(to: kernels) { kernels in
      threads.share(
        Normalization(
          kernels: kernels, input: input, count: count, width: architecture.width, norm: norm,
          epsilon: architecture.normEpsilon, output: output))
    }
  }

  /// What a sublayer reads: the states, or with pre-norm their norm.
  mutating func sublayerInput(
    _ x: UnsafeMutablePointer<Float>, count: Int, _ norm: NormWeights, _ model: borrowing Model
  ) -> UnsafePointer<Float> {
    guard model.architecture.normPlacement == .pre else { return UnsafePointer(x) }
    normalize(x, count: count, norm, model, into: normalized.pointer)
    return UnsafePointer(normalized.pointer)
  }

  /// The residual connection around a sublayer whose output is in `sublayer`, in rows of `stride`: x + y, and with
  /// post-norm its norm ("Attention Is All You Need", section 3.1).
  mutating func connectResidual(
    _ x: UnsafeMutablePointer<Float>, stride: Int, count: Int, _ norm: NormWeights, _ model: borrowing Model
  ) {
    kernels.add(sublayer.pointer, stride, x, count, model.architecture.width)
    if model.architecture.normPlacement == .post { normalize(x, count: count, norm, model, into: x) }
  }
}

/// Tokens to normalise: each thread takes some.
private struct Normalization: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let input: UnsafePointer<Float>
  let count: Int
  let width: Int
  let norm: NormWeights
  let epsilon: Float
  let output: UnsafeMutablePointer<Float>

  var size: Int { count &* width &* 4 }

  func run(_ share: Share) {
    let tokens = share.range(of: count)
    let start = tokens.lowerBound * width
    kernels.pointee.normalize(
      input + start, tokens.count, width, norm.gain, norm.bias, epsilon, output + start)
  }

  static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
