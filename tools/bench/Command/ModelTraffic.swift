import SwiftletModelFile
import SwiftletShapes

extension ModelDescription {
  /// Reads from an open file what there is to say of it.
  init(_ file: borrowing ModelFile, name: String, path: String) throws(ModelFileError) {
    self.name = name
    self.path = path
    shape = file.architecture.dimensions
    bytes = unsafe file.bytes.count
    let stated = unsafe UInt64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    checksum = hexadecimal(stated)
    var bytesPerToken = 0
    var operations = 0
    for index in 0..<file.tensorCount {
      let tensor = try file.tensor(at: index)
      if tensor.isReadPerToken { bytesPerToken += tensor.size }
      let isPrompt =
        file.architecture.encoderLayers == 0 && tensor.name.stack == .decoder && tensor.element == .int8
      if isPrompt || tensor.multipliesSource { operations += 2 * tensor.rows * tensor.columns }
    }
    self.bytesPerToken = bytesPerToken
    operationsPerSourceToken = operations
    hasBothStacks = file.architecture.hasCrossAttention
  }
}

extension Tensor {
  /// Whether each decoded token reads all of it: the decoder's, but for the projections of the source's keys and
  /// values, and the projection to the vocabulary. Embeddings are not: a token reads one row.
  var isReadPerToken: Bool {
    name.part == .output || (name.stack == .decoder && name.part != .crossKeyValue)
  }

  /// Whether each source token is multiplied by it.
  var multipliesSource: Bool {
    element == .int8 && (name.stack == .encoder || name.part == .crossKeyValue)
  }

  /// Its bytes in the file, with scales, sums and bias.
  var size: Int { dataSize + scalesSize + sumsSize + (bias == 0 ? 0 : biasSize) }
}
