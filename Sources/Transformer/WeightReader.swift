import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

/// Turns entries of the tensor table into views of weights.
///
/// Each entry is read once and checked as it is read, so that a file which another process changes afterwards
/// can give wrong numbers, but no wrong address.
struct WeightReader: ~Copyable {
  private let list: TensorList
  private let stack: Stack
  private let layer: Int

  /// A reader of the tensors of one layer, or of those that belong to none.
  init(_ list: TensorList, _ stack: Stack, layer: Int = 0) {
    self.list = list
    self.stack = stack
    self.layer = layer
  }

  /// The matrix, if the architecture has it.
  func matrix(_ file: borrowing ModelFile, _ part: TensorPart) throws(ModelFileError) -> LinearWeights? {
    guard let index = list.index(of: TensorName(stack, layer: layer, part)) else { return nil }
    let tensor = try file.tensor(at: index)
    return unsafe LinearWeights(
      rows: tensor.rows, columns: tensor.columns, group: tensor.group, usesOffset: tensor.usesOffset,
      inputParts: tensor.refinesInputs ? 2 : 1,
      tiles: Self.pointer(file, tensor.data, to: Int8.self),
      scales: UnsafeRawPointer(Self.pointer(file, tensor.scales, to: UInt8.self)),
      sums: tensor.sums == 0 ? nil : Self.pointer(file, tensor.sums, to: Int32.self),
      bias: tensor.bias == 0 ? nil : Self.pointer(file, tensor.bias, to: Float.self),
      inputs: tensor.inputs == 0 ? nil : Self.pointer(file, tensor.inputs, to: UInt16.self))
  }

  /// The float vector or matrix, if the architecture has it.
  func floats(
    _ file: borrowing ModelFile, _ part: TensorPart
  ) throws(ModelFileError) -> UnsafePointer<Float>? {
    guard let index = list.index(of: TensorName(stack, layer: layer, part)) else { return nil }
    return unsafe Self.pointer(file, try file.tensor(at: index).data, to: Float.self)
  }

  /// The norm, if the architecture has it: gain, then bias.
  func norm(_ file: borrowing ModelFile, _ part: TensorPart) throws(ModelFileError) -> NormWeights? {
    guard let index = list.index(of: TensorName(stack, layer: layer, part)) else { return nil }
    let tensor = try file.tensor(at: index)
    let gain = unsafe Self.pointer(file, tensor.data, to: Float.self)
    return unsafe NormWeights(
      width: tensor.columns, gain: gain, bias: tensor.rows == 2 ? gain + tensor.columns : nil)
  }

  /// All of a layer's.
  func layer(_ file: borrowing ModelFile) throws(ModelFileError) -> LayerWeights {
    // Every layer has these; only encoder-decoder attention may not be there.
    let own = unsafe SelfAttentionWeights(
      queryKeyValue: try matrix(file, .selfQueryKeyValue).unsafelyUnwrapped,
      output: try matrix(file, .selfOutput).unsafelyUnwrapped,
      norm: try norm(file, .selfNorm).unsafelyUnwrapped)
    let feedForward = unsafe FeedForwardWeights(
      inner: try matrix(file, .feedForwardIn).unsafelyUnwrapped,
      outer: try matrix(file, .feedForwardOut).unsafelyUnwrapped,
      norm: try norm(file, .feedForwardNorm).unsafelyUnwrapped)
    return LayerWeights(selfAttention: own, crossAttention: try cross(file), feedForward: feedForward)
  }

  private func cross(_ file: borrowing ModelFile) throws(ModelFileError) -> CrossAttentionWeights? {
    guard let query = try matrix(file, .crossQuery) else { return nil }
    return unsafe CrossAttentionWeights(
      query: query, keyValue: try matrix(file, .crossKeyValue).unsafelyUnwrapped,
      output: try matrix(file, .crossOutput).unsafelyUnwrapped,
      norm: try norm(file, .crossNorm).unsafelyUnwrapped)
  }

  /// What the stack has beside its layers.
  func stack(_ file: borrowing ModelFile) throws(ModelFileError) -> StackWeights {
    unsafe StackWeights(
      positions: try matrix(file, .positionEmbedding), embeddingNorm: try norm(file, .embeddingNorm),
      finalNorm: try norm(file, .finalNorm), relativeBias: try floats(file, .relativeBias))
  }

  /// What an encoder's head has.
  func head(_ file: borrowing ModelFile) throws(ModelFileError) -> HeadWeights {
    HeadWeights(
      projection: try matrix(file, .headProjection), norm: try norm(file, .headNorm),
      classifier: try matrix(file, .classifier))
  }

  /// The address of a file offset that `ModelFile.tensor(at:)` has checked, with its size, to lie in the file.
  private static func pointer<Element>(
    _ file: borrowing ModelFile, _ offset: UInt64, to: Element.Type
  ) -> UnsafePointer<Element> {
    // An offset of a tensor that passed its checks lies in a file that is not empty.
    let base = unsafe file.bytes.baseAddress.unsafelyUnwrapped
    return unsafe (base + Int(truncatingIfNeeded: offset)).assumingMemoryBound(to: Element.self)
  }
}
