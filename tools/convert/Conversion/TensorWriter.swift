import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources

/// Writes tensor after tensor, and what several of them have in common only once: a tied output lies in the embeddings'
/// bytes, layers that share their weights in each other's.
struct TensorWriter {
  private let writer: ModelFileWriter
  private let options: QuantizationOptions
  /// Tensors that are written, by what names their numbers and how they are stored.
  private var written: [String: Tensor] = [:]
  private var biases: [String: UInt64] = [:]

  init(_ writer: ModelFileWriter, _ options: QuantizationOptions) {
    self.writer = writer
    self.options = options
  }

  /// Writes the numbers of a tensor and its entry.
  mutating func write(_ tensor: Tensor, _ source: ImportedTensor) throws -> ConvertedTensor {
    let converted =
      tensor.element == .float32 ? try writeFloats(tensor, source.rows) : try writeMatrix(tensor, source)
    writer.addEntry(converted.tensor)
    return converted
  }

  private mutating func writeFloats(_ tensor: Tensor, _ source: any RowSource) throws -> ConvertedTensor {
    var tensor = tensor
    let key = source.identity.map { "\($0) as float32" }
    if let key, let twin = written[key] {
      tensor.data = twin.data
      return ConvertedTensor(tensor: tensor, floatBytes: 0, bytes: 0, error: nil)
    }
    var bytes: [UInt8] = []
    bytes.append(floats: try source.floats())
    source.release()
    tensor.data = try writer.append(bytes)
    if let key { written[key] = tensor }
    return ConvertedTensor(tensor: tensor, floatBytes: bytes.count, bytes: bytes.count, error: nil)
  }

  private mutating func writeMatrix(_ tensor: Tensor, _ source: ImportedTensor) throws -> ConvertedTensor {
    var tensor = tensor
    // Rows that the source has quantised itself are taken over with their scales.
    let isQuantized = try source.rows.quantized(rows: 0..<min(1, tensor.rows)) != nil
    tensor.group = isQuantized ? 0 : options.group
    tensor.usesOffset = options.usesOffset(tensor.name.part)
    let key = source.rows.identity.map { "\($0) in groups of \(tensor.group)" }
    if let key, let twin = written[key] {
      tensor.data = twin.data
      tensor.scales = twin.scales
      tensor.sums = twin.sums
      let bytes = try writeBias(of: source, &tensor)
      return ConvertedTensor(tensor: tensor, floatBytes: bytes, bytes: bytes, error: nil)
    }
    let quantized = try QuantizedMatrix(tensor, from: source.rows)
    tensor.data = try writer.append(quantized.tiles)
    tensor.scales = try writer.append(quantized.scales)
    if !quantized.sums.isEmpty { tensor.sums = try writer.append(quantized.sums) }
    let biasBytes = try writeBias(of: source, &tensor)
    source.rows.release()
    if let key { written[key] = tensor }
    let size = quantized.tiles.count + quantized.scales.count + quantized.sums.count + biasBytes
    let floatBytes = 4 * tensor.rows * tensor.columns + (biasBytes > 0 ? 4 * tensor.rows : 0)
    return ConvertedTensor(tensor: tensor, floatBytes: floatBytes, bytes: size, error: quantized.error)
  }

  /// Writes the bias, if there is one and not all of it is zero; returns the bytes that it takes anew.
  private mutating func writeBias(of source: ImportedTensor, _ tensor: inout Tensor) throws -> Int {
    guard let bias = source.bias else { return 0 }
    if let key = bias.identity, let place = biases[key] {
      tensor.bias = place
      return 0
    }
    let values = try bias.floats()
    bias.release()
    guard values.contains(where: { $0 != 0 }) else { return 0 }
    var bytes: [UInt8] = []
    bytes.append(floats: values + [Float](repeating: 0, count: tensor.paddedRows - values.count))
    tensor.bias = try writer.append(bytes)
    if let key = bias.identity { biases[key] = tensor.bias }
    return bytes.count
  }
}
