import SwiftletModelFile
import SwiftletSources

/// BART (Lewis and others, 2020), and mBART, which normalises before its sublayers.
enum Bart {
  static func load(_ directory: HuggingFaceDirectory, family: String) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: family)
    try source.readSequenceToSequence(activations: ["gelu", "gelu_new", "relu", "silu", "swish"])
    let a = try architecture(&source, isBefore: family == "mbart")
    try source.readDecoding(needed: ["eos_token_id", "decoder_start_token_id"])
    try source.checkOneEnd()
    let tokens = try source.characters()
    try source.config.checkRemaining(keys)
    try source.readLanguageTokens()
    let weights = try directory.weights()
    // The checkpoint of a model without its output has no prefix; the output is the embedding table anyway.
    let prefix = weights.tensor(named: "shared.weight") != nil ? "" : "model."
    var assembly = TensorAssembly(a.runtime, names(prefix, positions: a.positions), weights)
    var model = source.model(try assembly.tensors())
    model.tokens = tokens
    return model
  }

  private static func architecture(
    _ source: inout HuggingFaceSource, isBefore: Bool
  ) throws(SourceError) -> (runtime: Architecture, positions: Int) {
    try source.readVocabulary()
    source.architecture.sharesEmbeddings = true
    source.architecture.positionEncoding = .learned
    source.architecture.normalizesEmbeddings = true
    source.architecture.normPlacement = isBefore ? .pre : .post
    source.architecture.hasFinalNorm = isBefore
    for key in ["normalize_before", "add_final_layer_norm"] {
      // What early versions let the configuration say.
      guard try source.config.bool(key, default: isBefore) == isBefore else {
        throw source.config.error(.unsupported(key: key, value: "\(!isBefore)", supported: "\(isBefore)"))
      }
    }
    guard try source.config.bool("tie_word_embeddings", default: true) else {
      throw source.config.error(.unsupported(key: "tie_word_embeddings", value: "false", supported: "true"))
    }
    let positions = try source.config.requiredInteger("max_position_embeddings", within: 1...1_000_000_000)
    return (source.architecture, positions)
  }

  private static func names(_ prefix: String, positions: Int) -> NameTable {
    let tables =
      ["shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight"].map { prefix + $0 }
      + ["lm_head.weight"]
    func stack(_ name: String) -> [TensorPart: Recipe] {
      // Rows 0 and 1 are those of a table whose padding has position 1.
      .bart("\(prefix)\(name).") + [
        .positionEmbedding: .positions(
          "\(prefix)\(name).embed_positions.weight", skipping: 2, of: positions + 2)
      ]
    }
    return [
      .shared: [.sourceEmbedding: .table(tables), .output: .table(tables, bias: ["final_logits_bias"])],
      .encoder: stack("encoder"), .decoder: stack("decoder"),
    ]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: [
      "extra_pos_embeddings", "add_bias_logits", "classif_dropout",
      "tokenizer_class",
    ],
    neutral: [
      "is_encoder_decoder": [.bool(true)], "normalize_embedding": [.bool(true)],
      "static_position_embeddings": [.bool(false)], "do_blenderbot_90_layernorm": [.bool(false)],
      "prefix": [.string(""), .string(" ")],
      "force_bos_token_to_be_generated": [.bool(false), .bool(true)],
    ])
}

extension HuggingFaceSource {
  /// The characters of a model that spells, which are their own tokens; nil for other models.
  ///
  /// The places of the tokens that are no characters are filled by any: up to that of `<unk>`, which no key names.
  fileprivate mutating func characters() throws(SourceError) -> TokenLists? {
    guard let source = try config.text("grapheme_chars"), let target = try config.text("phoneme_chars") else {
      return nil
    }
    let vocabulary = architecture.sourceVocabulary
    let begin = try config.token("bos_token_id", vocabulary: vocabulary)
    let names = [
      (try config.token("pad_token_id", vocabulary: vocabulary), "<pad>"), (begin, "<s>"),
      (decoding.endToken, "</s>"), (3, "<unk>"),
    ]
    func list(_ text: String) -> [TokenText] {
      var tokens = text.unicodeScalars.map { TokenText(String($0)) }
      for case (let id?, let name) in names where id < tokens.count { tokens[id] = TokenText(name) }
      return tokens
    }
    guard max(list(source).count, list(target).count) <= vocabulary else {
      throw config.error(
        .contradiction(
          key: "grapheme_chars", value: "of \(list(source).count)", other: "vocab_size",
          otherValue: "\(vocabulary)"))
    }
    var tokens = TokenLists(source: list(source), target: list(target), unknown: 3)
    tokens.before = begin.map { [$0] } ?? []
    tokens.after = [decoding.endToken]
    return tokens
  }
}
