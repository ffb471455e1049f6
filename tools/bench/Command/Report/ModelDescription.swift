/// A model, and what the forward pass reads and computes of it.
struct ModelDescription: Measured {
  let name: String
  let path: String
  /// Its layers and lengths.
  let shape: String
  let bytes: Int
  let checksum: String
  /// Bytes of weights that each decoded token reads.
  let bytesPerToken: Int
  /// Multiplications and additions with weights for each source token: the encoder, and the keys and values that the
  /// decoder takes from it; for a decoder alone, for each token of a prompt.
  let operationsPerSourceToken: Int
  /// Whether it encodes a source and decodes a target.
  let hasBothStacks: Bool

  static let part = "models"
  static let title = "Models"
  static var columns: [Column<Self>] {
    [
      Column("model", "model") { .text($0.name) },
      Column("shape", "shape") { .text($0.shape) },
      Column("bytes", "bytes") { .count($0.bytes) },
      Column("checksum", "checksum") { .text($0.checksum) },
      Column("bytes_per_token", "read per decoded token") { .count($0.bytesPerToken) },
      Column("operations_per_source_token", "operations per source token") {
        .count($0.operationsPerSourceToken)
      },
      Column("file", "file") { .text($0.path) },
    ]
  }
}
