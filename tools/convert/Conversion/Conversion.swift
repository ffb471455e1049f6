import Foundation
import SwiftletModelFile
import SwiftletSources

/// What an importer makes of a source: the runtime's choices, and the float values of each of its tensors.
///
/// A model family is data: an importer fills this in, and nothing after it knows the family.
package struct ImportedModel {
  var architecture: Architecture
  var decoding: DecodingDefaults
  var metadata: [(key: String, value: String)]
  var sourceTokenizer: [UInt8]
  /// nil if the source's tokenizer serves both sides.
  var targetTokenizer: [UInt8]?
  /// The floats of a float32 tensor: rows × columns.
  var floats: (TensorName) throws -> [Float]
  /// The source of a matrix.
  var matrix: (TensorName) -> any MatrixSource
  /// Whether the output projection lies in an embedding's bytes, and in which.
  var tiedOutput: TensorPart?
  /// What the user should know about the source, though it stops nothing.
  var notes: [String]

  /// A model; see the properties.
  package init(
    architecture: Architecture, decoding: DecodingDefaults, metadata: [(key: String, value: String)],
    sourceTokenizer: [UInt8], targetTokenizer: [UInt8]? = nil,
    floats: @escaping (TensorName) throws -> [Float],
    matrix: @escaping (TensorName) -> any MatrixSource, tiedOutput: TensorPart? = nil, notes: [String] = []
  ) {
    self.architecture = architecture
    self.decoding = decoding
    self.metadata = metadata
    self.sourceTokenizer = sourceTokenizer
    self.targetTokenizer = targetTokenizer
    self.floats = floats
    self.matrix = matrix
    self.tiedOutput = tiedOutput
    self.notes = notes
  }
}

/// What happened to one tensor.
public struct ConvertedTensor: Sendable {
  /// The tensor.
  public let tensor: Tensor
  /// Its size as float32.
  public let floatBytes: Int
  /// Its size in the file; 0 where it shares another tensor's bytes.
  public let bytes: Int
  /// What quantisation cost; nil for what stays float32 or is shared.
  public let error: QuantizationError?
}

/// What a conversion did.
public struct ConversionReport: Sendable {
  /// Each tensor, in the file's order.
  public let tensors: [ConvertedTensor]
  /// The size of the file.
  public let fileBytes: Int
  /// What the user should know, though it stopped nothing.
  public let notes: [String]
}

extension ImportedModel {
  /// Quantises and writes tensor after tensor.
  ///
  /// - Parameter progress: Called before each tensor with its number, the count, and its name; what it throws
  ///   stops the conversion.
  package func write(
    to path: String, _ options: QuantizationOptions, progress: (Int, Int, String) throws -> Void
  ) throws -> (tensors: [ConvertedTensor], fileBytes: Int) {
    let lines = metadata.map { "\($0.key)=\($0.value)\n" }.joined()
    let writer = try ModelFileWriter(
      path: path, architecture: architecture, decoding: decoding, metadata: lines,
      sourceTokenizer: sourceTokenizer, targetTokenizer: targetTokenizer)
    let list = TensorList(architecture)
    var converted: [ConvertedTensor] = []
    for index in 0..<list.count {
      let tensor = list[index]
      try progress(index + 1, list.count, tensor.name.description)
      let shared = tensor.name.part == .output ? tiedOutput : nil
      let next: ConvertedTensor
      if tensor.element == .float32 {
        next = try writeFloats(tensor, writer)
      } else if let shared, let twin = converted.first(where: { $0.tensor.name.part == shared }) {
        next = try writeTied(tensor, twin.tensor, options, writer)
      } else {
        next = try writeMatrix(tensor, options, writer)
      }
      writer.addEntry(next.tensor)
      converted.append(next)
    }
    return (converted, try writer.finish())
  }

  private func writeFloats(_ tensor: Tensor, _ writer: ModelFileWriter) throws -> ConvertedTensor {
    var tensor = tensor
    var bytes: [UInt8] = []
    bytes.append(floats: try floats(tensor.name))
    tensor.data = try writer.append(bytes)
    return ConvertedTensor(tensor: tensor, floatBytes: bytes.count, bytes: bytes.count, error: nil)
  }

  private func writeMatrix(
    _ tensor: Tensor, _ options: QuantizationOptions, _ writer: ModelFileWriter
  ) throws -> ConvertedTensor {
    var tensor = tensor
    tensor.group = options.group
    tensor.usesOffset = options.usesOffset(tensor.name.part)
    let source = matrix(tensor.name)
    let quantized = try QuantizedMatrix(tensor, from: source)
    tensor.data = try writer.append(quantized.tiles)
    tensor.scales = try writer.append(quantized.scales)
    if !quantized.sums.isEmpty { tensor.sums = try writer.append(quantized.sums) }
    let biasBytes = try writeBias(of: source, &tensor, writer)
    source.release()
    let size = quantized.tiles.count + quantized.scales.count + quantized.sums.count + biasBytes
    let floatBytes = 4 * tensor.rows * tensor.columns + (biasBytes > 0 ? 4 * tensor.rows : 0)
    return ConvertedTensor(tensor: tensor, floatBytes: floatBytes, bytes: size, error: quantized.error)
  }

  /// The output projection in the embeddings' bytes, with a bias of its own.
  private func writeTied(
    _ tensor: Tensor, _ twin: Tensor, _ options: QuantizationOptions, _ writer: ModelFileWriter
  ) throws -> ConvertedTensor {
    var tied = tensor
    tied.group = twin.group
    tied.usesOffset = options.usesOffset(tensor.name.part)
    tied.data = twin.data
    tied.scales = twin.scales
    tied.sums = twin.sums
    let biasBytes = try writeBias(of: matrix(tensor.name), &tied, writer)
    return ConvertedTensor(tensor: tied, floatBytes: biasBytes, bytes: biasBytes, error: nil)
  }

  private func writeBias(
    of source: any MatrixSource, _ tensor: inout Tensor, _ writer: ModelFileWriter
  ) throws -> Int {
    guard let bias = try source.bias() else { return 0 }
    var bytes: [UInt8] = []
    bytes.append(floats: bias + [Float](repeating: 0, count: tensor.paddedRows - bias.count))
    tensor.bias = try writer.append(bytes)
    return bytes.count
  }
}
