import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

/// Turns entries of the tensor table into views of weights.
///
/// Each entry is read once and checked as it is read, so that a file which another process changes afterwards
/// can give wrong numbers, but no wrong address.
struct WeightReader {
  private let first: Int

  /// A reader of the tensors of one layer.
  init(_ file: borrowing ModelFile, _ list: TensorList, _ stack: Stack, layer: Int) {
    first = list.firstTensor(of: stack, layer: layer)
  }

  /// The matrix at `place` in the layer.
  func linear(_ file: borrowing ModelFile, _ place: Int) throws(ModelFileError) -> LinearWeights {
    let tensor = try file.tensor(at: first + place)
    return LinearWeights(
      rows: tensor.rows, columns: tensor.columns, group: tensor.group, usesOffset: tensor.usesOffset,
      tiles: Self.pointer(file, tensor.data, to: Int8.self),
      scales: UnsafeRawPointer(Self.pointer(file, tensor.scales, to: UInt8.self)),
      sums: tensor.sums == 0 ? nil : Self.pointer(file, tensor.sums, to: Int32.self),
      bias: tensor.bias == 0 ? nil : Self.pointer(file, tensor.bias, to: Float.self))
  }

  /// The float vector at `place` in the layer.
  func floats(_ file: borrowing ModelFile, _ place: Int) throws(ModelFileError) -> UnsafePointer<Float> {
    Self.pointer(file, try file.tensor(at: first + place).data, to: Float.self)
  }

  /// The norm at `index` of the table: gain, then bias.
  static func norm(_ file: borrowing ModelFile, at index: Int) throws(ModelFileError) -> NormWeights {
    let tensor = try file.tensor(at: index)
    let gain = pointer(file, tensor.data, to: Float.self)
    return NormWeights(gain: gain, bias: gain + tensor.columns)
  }

  func encoderLayer(_ file: borrowing ModelFile) throws(ModelFileError) -> EncoderLayerWeights {
    EncoderLayerWeights(
      selfQueryKeyValue: try linear(file, 0), selfOutput: try linear(file, 1),
      selfNorm: try Self.norm(file, at: first + 2), feedForward: try feedForward(file, 3))
  }

  func decoderLayer(_ file: borrowing ModelFile) throws(ModelFileError) -> DecoderLayerWeights {
    DecoderLayerWeights(
      selfQueryKeyValue: try linear(file, 0), selfOutput: try linear(file, 1),
      selfNorm: try Self.norm(file, at: first + 2), crossQuery: try linear(file, 3),
      crossKeyValue: try linear(file, 4), crossOutput: try linear(file, 5),
      crossNorm: try Self.norm(file, at: first + 6), feedForward: try feedForward(file, 7))
  }

  private func feedForward(
    _ file: borrowing ModelFile, _ place: Int
  ) throws(ModelFileError) -> FeedForwardWeights {
    FeedForwardWeights(
      inner: try linear(file, place), outer: try linear(file, place + 1),
      norm: try Self.norm(file, at: first + place + 2))
  }

  /// The address of a file offset that `ModelFile.tensor(at:)` has checked, with its size, to lie in the file.
  private static func pointer<Element>(
    _ file: borrowing ModelFile, _ offset: UInt64, to: Element.Type
  ) -> UnsafePointer<Element> {
    // An offset of a tensor that passed its checks lies in a file that is not empty.
    let base = file.bytes.baseAddress.unsafelyUnwrapped
    return (base + Int(truncatingIfNeeded: offset)).assumingMemoryBound(to: Element.self)
  }
}
