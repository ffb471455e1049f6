extension MarianConfiguration {
  /// Reads `config.json`, and `generation_config.json` if there is one.
  ///
  /// - Throws: `SourceError.configuration` with the file, the key and the value: missing, out of range,
  ///   contradictory, unknown, or not supported.
  public init(config: JSONFile, generation: JSONFile?) throws(SourceError) {
    var reader = ConfigurationReader(config)
    try Self.checkFamily(&reader)
    file = config.path
    width = try reader.requiredInteger("d_model", within: 2...65_536)
    maximumPositions = try reader.requiredInteger("max_position_embeddings", within: 1...1_000_000)
    encoder = try Self.stack("encoder", &reader)
    decoder = try Self.stack("decoder", &reader)
    activation = try Self.activation(&reader)
    scalesEmbedding = try reader.bool("scale_embedding", default: false)
    normalizesEmbedding = try reader.bool("normalize_embedding", default: false)
    normalizesBefore = try Self.normalizesBefore(&reader)
    sharesEmbeddings = try reader.bool("share_encoder_decoder_embeddings", default: true)
    tiesProjection = try reader.bool("tie_word_embeddings", default: true)
    let vocabulary = try reader.requiredInteger("vocab_size", within: 2...10_000_000)
    sourceVocabulary = vocabulary
    targetVocabulary = try reader.integer("decoder_vocab_size", within: 2...10_000_000) ?? vocabulary
    paddingID = try Self.token("pad_token_id", &reader, targetVocabulary)
    endID = try Self.token("eos_token_id", &reader, targetVocabulary)
    startID = try Self.token("decoder_start_token_id", &reader, targetVocabulary)
    decoding = try MarianDecoding(
      config: &reader, generation: generation, vocabulary: targetVocabulary,
      ids: ["pad_token_id": paddingID, "eos_token_id": endID, "decoder_start_token_id": startID])
    try checkConsistency(&reader)
    try reader.checkRemaining(.marian)
  }

  private static func checkFamily(_ reader: inout ConfigurationReader) throws(SourceError) {
    guard let family = try reader.text("model_type") else { throw reader.error(.missing(key: "model_type")) }
    guard family == "marian" else {
      throw reader.error(.unsupported(key: "model_type", value: "\"\(family)\"", supported: "\"marian\""))
    }
    guard try reader.bool("static_position_embeddings", default: true) else {
      throw reader.error(
        .unsupported(key: "static_position_embeddings", value: "false", supported: "true: sinusoids"))
    }
  }

  private static func stack(
    _ name: String, _ reader: inout ConfigurationReader
  ) throws(SourceError) -> MarianStack {
    MarianStack(
      layers: try reader.requiredInteger("\(name)_layers", within: 1...1024),
      heads: try reader.requiredInteger("\(name)_attention_heads", within: 1...1024),
      feedForward: try reader.requiredInteger("\(name)_ffn_dim", within: 1...1_048_576))
  }

  private static func activation(
    _ reader: inout ConfigurationReader
  ) throws(SourceError) -> SourceActivation {
    switch try reader.text("activation_function") {
    case "relu": return .relu
    case "swish", "silu": return .swish
    case nil: throw reader.error(.missing(key: "activation_function"))
    case let name?:
      throw reader.error(
        .unsupported(
          key: "activation_function", value: "\"\(name)\"", supported: "\"relu\", \"swish\", \"silu\""))
    }
  }

  /// Both keys must say the same: with one alone, versions of transformers disagree about what is computed.
  private static func normalizesBefore(_ reader: inout ConfigurationReader) throws(SourceError) -> Bool {
    let before = try reader.bool("normalize_before", default: false)
    let final = try reader.bool("add_final_layer_norm", default: before)
    guard before == final else {
      throw reader.error(
        .contradiction(
          key: "normalize_before", value: "\(before)", other: "add_final_layer_norm", otherValue: "\(final)"))
    }
    return before
  }

  private static func token(
    _ key: String, _ reader: inout ConfigurationReader, _ vocabulary: Int
  ) throws(SourceError) -> Int {
    guard let id = try reader.token(key, vocabulary: vocabulary) else {
      throw reader.error(.missing(key: key))
    }
    return id
  }
}

/// Values that must fit each other.
extension MarianConfiguration {
  private func checkConsistency(_ reader: inout ConfigurationReader) throws(SourceError) {
    guard width % 2 == 0 else {
      throw reader.error(.unsupported(key: "d_model", value: "\(width)", supported: "even widths"))
    }
    for (name, stack) in [("encoder", encoder), ("decoder", decoder)] where width % stack.heads != 0 {
      throw reader.error(
        .contradiction(
          key: "\(name)_attention_heads", value: "\(stack.heads)", other: "d_model", otherValue: "\(width)"))
    }
    guard !sharesEmbeddings || sourceVocabulary == targetVocabulary else {
      throw reader.error(
        .contradiction(
          key: "decoder_vocab_size", value: "\(targetVocabulary)", other: "vocab_size",
          otherValue: "\(sourceVocabulary) (share_encoder_decoder_embeddings is true)"))
    }
    try checkEqual("num_hidden_layers", "encoder_layers", encoder.layers, &reader)
    try checkEqual("num_attention_heads", "encoder_attention_heads", encoder.heads, &reader)
    try checkEqual("hidden_size", "d_model", width, &reader)
    for (key, id) in [("pad_token_id", paddingID), ("eos_token_id", endID)] where id >= sourceVocabulary {
      throw reader.error(.range(key: key, value: id, allowed: 0...sourceVocabulary - 1))
    }
  }

  /// A second name of a value: it may be absent, but not different.
  private func checkEqual(
    _ alias: String, _ key: String, _ value: Int, _ reader: inout ConfigurationReader
  ) throws(SourceError) {
    guard let other = try reader.integer(alias, within: 0...Int.max), other != value else { return }
    throw reader.error(.contradiction(key: alias, value: "\(other)", other: key, otherValue: "\(value)"))
  }
}
