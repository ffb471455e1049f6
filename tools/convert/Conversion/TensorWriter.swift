import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources

/// Writes tensor after tensor, and what several of them have in common only once: a tied output lies in the embeddings'
/// bytes, layers that share their weights in each other's.
struct TensorWriter {
  private let writer: ModelFileWriter
  private let options: QuantizationOptions
  private let architecture: Architecture
  /// What a text says about the inputs, if there is one.
  private let calibration: Calibration?
  /// What names the numbers of tables of embeddings.
  private let tables: Set<String>
  /// Tensors that are written, by what names their numbers and how they are stored.
  private var written: [String: Tensor] = [:]
  private var biases: [String: UInt64] = [:]

  init(
    _ writer: ModelFileWriter, _ model: ImportedModel, _ options: QuantizationOptions,
    _ calibration: Calibration?
  ) {
    self.writer = writer
    self.options = options
    architecture = model.architecture
    self.calibration = calibration
    tables = Set(model.tensors.filter { $0.key.part.isEmbedding }.compactMap { $0.value.rows.identity })
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
      return ConvertedTensor(tensor: tensor, floatBytes: 0, bytes: 0, error: nil, gain: nil)
    }
    var bytes: [UInt8] = []
    bytes.append(floats: try source.floats())
    source.release()
    tensor.data = try writer.append(bytes)
    if let key { written[key] = tensor }
    return ConvertedTensor(tensor: tensor, floatBytes: bytes.count, bytes: bytes.count, error: nil, gain: nil)
  }

  private mutating func writeMatrix(_ tensor: Tensor, _ source: ImportedTensor) throws -> ConvertedTensor {
    var tensor = tensor
    // Rows that the source has quantised itself are taken over with their scales.
    let isQuantized = try source.rows.quantized(rows: 0..<min(1, tensor.rows)) != nil
    tensor.group = isQuantized ? 0 : options.group(of: tensor, in: architecture)
    tensor.usesOffset = options.usesOffset(tensor.name.part)
    tensor.refinesInputs = options.refinesInputs(tensor, of: architecture)
    let isTable =
      tensor.name.part.isEmbedding || source.rows.identity.map { tables.contains($0) } ?? false
    // Inputs' shifts are taken out of the bias, so both are shared, or none.
    let suffix = calibration == nil || isTable ? "" : ", bias \(source.bias?.identity ?? "none")"
    let key = source.rows.identity.map { "\($0) in groups of \(tensor.group)\(suffix)" }
    if let key, let twin = written[key] {
      tensor.group = twin.group
      tensor.data = twin.data
      tensor.scales = twin.scales
      tensor.sums = twin.sums
      tensor.inputs = twin.inputs
      var bytes = 0
      if twin.inputs != 0 { tensor.bias = twin.bias } else { bytes = try writeBias(of: source, nil, &tensor) }
      return ConvertedTensor(tensor: tensor, floatBytes: bytes, bytes: bytes, error: nil, gain: nil)
    }
    let statistics = isQuantized ? nil : try calibration?.statistics(of: tensor.name)
    let calibrated = try statistics.map {
      try MatrixCalibration.best(
        tensor, source.rows, $0, isTable: isTable, choosesGroup: options.group == nil,
        isNarrow: options.isNarrow(architecture))
    }
    tensor.group = calibrated?.group ?? tensor.group
    let quantized = try QuantizedMatrix(tensor, from: source.rows, calibrated?.rounding ?? Rounding(tensor))
    tensor.data = try writer.append(quantized.tiles)
    tensor.scales = try writer.append(quantized.scales)
    if !quantized.sums.isEmpty { tensor.sums = try writer.append(quantized.sums) }
    var inputs: [UInt8] = []
    if let map = calibrated?.map {
      inputs = map.bytes(paddedColumns: tensor.paddedColumns)
      tensor.inputs = try writer.append(inputs)
    }
    let biasBytes = try writeBias(of: source, calibrated?.map, &tensor)
    source.rows.release()
    if let key { written[key] = tensor }
    let size =
      quantized.tiles.count + quantized.scales.count + quantized.sums.count + inputs.count + biasBytes
    let floatBytes =
      4 * tensor.rows * tensor.columns + (source.bias != nil && biasBytes > 0 ? 4 * tensor.rows : 0)
    return ConvertedTensor(
      tensor: tensor, floatBytes: floatBytes, bytes: size, error: quantized.error, gain: calibrated?.gain)
  }

  /// Writes the bias, less what the inputs' shifts give, if there is one and not all of it is zero; returns the bytes that
  /// it takes anew.
  private mutating func writeBias(
    of source: ImportedTensor, _ map: InputMap?, _ tensor: inout Tensor
  ) throws -> Int {
    guard source.bias != nil || map != nil else { return 0 }
    if map == nil, let key = source.bias?.identity, let place = biases[key] {
      tensor.bias = place
      return 0
    }
    var values = try source.bias?.floats() ?? [Float](repeating: 0, count: tensor.rows)
    source.bias?.release()
    if let map { values = try map.bias(values, of: source.rows) }
    guard values.contains(where: { $0 != 0 }) else { return 0 }
    var bytes: [UInt8] = []
    bytes.append(floats: values + [Float](repeating: 0, count: tensor.paddedRows - values.count))
    tensor.bias = try writer.append(bytes)
    if map == nil, let key = source.bias?.identity { biases[key] = tensor.bias }
    return bytes.count
  }
}

extension TensorPart {
  /// Whether rows of it are looked up.
  var isEmbedding: Bool {
    self == .sourceEmbedding || self == .targetEmbedding || self == .positionEmbedding
  }
}
