import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// LayerNorm of `count` tokens.
  func normalize(
    _ input: UnsafePointer<Float>, count: Int, _ norm: NormWeights, _ model: borrowing Model,
    into output: UnsafeMutablePointer<Float>
  ) {
    let architecture = model.architecture
    kernels.normalize(
      input, count, architecture.width, norm.gain, norm.bias, architecture.normEpsilon, output)
  }

  /// What a sublayer reads: the states, or with pre-norm their norm.
  func sublayerInput(
    _ x: UnsafeMutablePointer<Float>, count: Int, _ norm: NormWeights, _ model: borrowing Model
  ) -> UnsafePointer<Float> {
    guard model.architecture.normPlacement == .pre else { return UnsafePointer(x) }
    normalize(x, count: count, norm, model, into: normalized.pointer)
    return UnsafePointer(normalized.pointer)
  }

  /// The residual connection around a sublayer whose output is in `sublayer`: x + y, and with post-norm its norm
  /// ("Attention Is All You Need", section 3.1).
  func connectResidual(
    _ x: UnsafeMutablePointer<Float>, count: Int, _ norm: NormWeights, _ model: borrowing Model
  ) {
    let width = model.architecture.width
    kernels.add(sublayer.pointer, roundUp(width, to: 16) + 16, x, count, width)
    if model.architecture.normPlacement == .post { normalize(x, count: count, norm, model, into: x) }
  }
}
