import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletThreads

extension Workspace {
  /// LayerNorm, or root mean square norm, of `count` tokens.
  mutating func normalize(
    _ input: UnsafePointer<Float>, count: Int, _ norm: NormWeights, _ model: borrowing Model,
    into output: UnsafeMutablePointer<Float>
  ) {
    unsafe withUnsafePointer(to: kernels) { kernels in
      unsafe threads.share(
        Normalization(
          kernels: kernels, input: input, count: count, norm: norm, epsilon: model.architecture.normEpsilon,
          output: output))
    }
  }

  /// What a sublayer reads: the states, or with pre-norm their norm.
  @inline(never)
  mutating func sublayerInput(
    _ x: UnsafeMutablePointer<Float>, count: Int, _ norm: NormWeights, _ model: borrowing Model
  ) -> UnsafePointer<Float> {
    guard model.architecture.normPlacement == .pre else { return unsafe UnsafePointer(x) }
    unsafe normalize(x, count: count, norm, model, into: normalized.pointer)
    return unsafe UnsafePointer(normalized.pointer)
  }

  /// The residual connection around a sublayer whose output is in `sublayer`, in rows of `stride`: x + y, and with
  /// post-norm its norm ("Attention Is All You Need", section 3.1).
  @inline(never)
  mutating func connectResidual(
    _ x: UnsafeMutablePointer<Float>, stride: Int, count: Int, _ norm: NormWeights, _ model: borrowing Model
  ) {
    let architecture = model.architecture
    unsafe withUnsafePointer(to: kernels) { kernels in
      unsafe threads.share(
        ResidualConnection(
          kernels: kernels, y: sublayer.pointer, stride: stride, x: x, count: count,
          width: architecture.width,
          norm: architecture.normPlacement == .post ? norm : nil, epsilon: architecture.normEpsilon))
    }
  }
}

/// Tokens to add a sublayer's output to, and to normalise if there is a norm: each thread takes some.
@safe private struct ResidualConnection: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let y: UnsafePointer<Float>
  let stride: Int
  let x: UnsafeMutablePointer<Float>
  let count: Int
  let width: Int
  let norm: NormWeights?
  let epsilon: Float

  var size: Int { count &* width &* 8 }

  func run(_ share: Share) {
    let tokens = share.range(of: count)
    let x = unsafe x + tokens.lowerBound * width
    unsafe kernels.pointee.add(y + tokens.lowerBound * stride, stride, x, tokens.count, width)
    if let norm { unsafe kernels.pointee.normalize(x, tokens.count, width, norm.gain, norm.bias, epsilon, x) }
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// Tokens to normalise: each thread takes some.
@safe private struct Normalization: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let input: UnsafePointer<Float>
  let count: Int
  let norm: NormWeights
  let epsilon: Float
  let output: UnsafeMutablePointer<Float>

  var size: Int { count &* norm.width &* 4 }

  func run(_ share: Share) {
    let tokens = share.range(of: count)
    let start = tokens.lowerBound * norm.width
    unsafe kernels.pointee.normalize(
      input + start, tokens.count, norm.width, norm.gain, norm.bias, epsilon, output + start)
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
