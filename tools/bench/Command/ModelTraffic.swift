import SwiftletModelFile

extension ModelDescription {
  /// Reads from an open file what there is to say of it.
  init(_ file: borrowing ModelFile, path: String) throws(ModelFileError) {
    self.path = path
    bytes = file.bytes.count
    let stated = UInt64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    checksum = hexadecimal(stated)
    var total = 0
    for index in 0..<file.tensorCount {
      let tensor = try file.tensor(at: index)
      if tensor.isReadPerToken { total += tensor.size }
    }
    bytesPerToken = total
  }
}

extension Tensor {
  /// Whether each decoded token reads all of it: the decoder's, but for the projections of the source's keys and
  /// values, and the projection to the vocabulary. Embeddings are not: a token reads one row.
  var isReadPerToken: Bool {
    name.part == .output || (name.stack == .decoder && name.part != .crossKeyValue)
  }

  /// Its bytes in the file, with scales, sums and bias.
  var size: Int { dataSize + scalesSize + sumsSize + (bias == 0 ? 0 : biasSize) }
}
