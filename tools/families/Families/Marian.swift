import SwiftletModelFile
import SwiftletSources

/// Marian's translation models in the layout of Hugging Face: OPUS-MT's.
package enum Marian {
  static func load(_ directory: HuggingFaceDirectory) throws(SourceError) -> ImportedModel {
    let source = try configuration(directory)
    let a = source.architecture
    var assembly = TensorAssembly(a, names(a, ties: source.isTied), try directory.weights())
    for stack in ["encoder", "decoder"] {
      try assembly.finder.checkSinusoids(
        "model.\(stack).embed_positions.weight", [a.positions, a.width])
    }
    return source.model(
      try assembly.tensors(computed: [
        TensorName(.shared, .positionFrequencies): ImportedTensor(
          ComputedRows(Frequencies.paper(width: a.width)))
      ]))
  }

  /// What the configuration files say.
  package static func configuration(_ directory: HuggingFaceDirectory) throws(SourceError)
    -> HuggingFaceSource
  {
    var source = try HuggingFaceSource(directory, family: "marian")
    guard try source.config.bool("static_position_embeddings", default: true) else {
      throw source.config.error(
        .unsupported(key: "static_position_embeddings", value: "false", supported: "true: sinusoids"))
    }
    try source.readSequenceToSequence(activations: ["relu", "swish", "silu"])
    source.architecture.positionEncoding = .halves
    source.architecture.normalizesEmbeddings = try source.config.bool("normalize_embedding", default: false)
    try readNormPlacement(&source)
    source.isTied = try source.config.bool("tie_word_embeddings", default: true)
    try readVocabularies(&source)
    try source.readDecoding(needed: ["pad_token_id", "eos_token_id", "decoder_start_token_id"])
    try source.checkOneEnd()
    try source.config.checkRemaining(keys)
    try readLanguages(&source)
    return source
  }

  private static func readVocabularies(_ source: inout HuggingFaceSource) throws(SourceError) {
    source.architecture.sharesEmbeddings = try source.config.bool(
      "share_encoder_decoder_embeddings", default: true)
    let vocabulary = try source.config.requiredInteger("vocab_size", within: 2...10_000_000)
    source.architecture.sourceVocabulary = vocabulary
    source.architecture.targetVocabulary =
      try source.config.integer("decoder_vocab_size", within: 2...10_000_000) ?? vocabulary
    let target = source.architecture.targetVocabulary
    guard !source.architecture.sharesEmbeddings || target == vocabulary else {
      throw source.config.error(
        .contradiction(
          key: "decoder_vocab_size", value: "\(target)", other: "vocab_size",
          otherValue: "\(vocabulary) (share_encoder_decoder_embeddings is true)"))
    }
    for key in ["pad_token_id", "eos_token_id"] {
      _ = try source.config.token(key, vocabulary: min(vocabulary, target))
    }
  }

  /// Both keys must say the same: with one alone, versions of transformers disagree about what is computed.
  private static func readNormPlacement(_ source: inout HuggingFaceSource) throws(SourceError) {
    let before = try source.config.bool("normalize_before", default: false)
    let final = try source.config.bool("add_final_layer_norm", default: before)
    guard before == final else {
      throw source.config.error(
        .contradiction(
          key: "normalize_before", value: "\(before)", other: "add_final_layer_norm", otherValue: "\(final)"))
    }
    source.architecture.normPlacement = before ? .pre : .post
    source.architecture.hasFinalNorm = before
  }

  private static func readLanguages(_ source: inout HuggingFaceSource) throws(SourceError) {
    let text = try source.directory.marianTokenizerConfiguration()
    if let language = text.sourceLanguage { source.metadata.append(("source-language", language)) }
    if let language = text.targetLanguage { source.metadata.append(("target-language", language)) }
  }

  private static func names(_ a: Architecture, ties: Bool) -> NameTable {
    let encoder = "model.encoder.embed_tokens.weight"
    let decoder = "model.decoder.embed_tokens.weight"
    let head = ties ? ["lm_head.weight"] : []
    let target = a.sharesEmbeddings ? ["model.shared.weight", encoder, decoder] + head : [decoder] + head
    var shared: [TensorPart: Recipe] = [
      .sourceEmbedding: .table(a.sharesEmbeddings ? target : [encoder]), .targetEmbedding: .table(target),
    ]
    shared[.output] = .table(ties ? target : ["lm_head.weight"], bias: ["final_logits_bias"])
    return [.shared: shared, .encoder: .bart("model.encoder."), .decoder: .bart("model.decoder.")]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: [
      // Read by no version of the model: positions are static, so there are no extra rows; the bias of the logits
      // is added whenever the weights have one.
      "extra_pos_embeddings", "add_bias_logits",
    ],
    neutral: [
      "is_encoder_decoder": [.bool(true)],
      "do_blenderbot_90_layernorm": [.bool(false)],
      "layer_norm_eps": [.number(1e-5)],
      "tokenizer_class": [.string("MarianTokenizer")],
    ])
}

extension TensorFinder {
  /// Positions that are stored although they are computed: they must be the sinusoids.
  mutating func checkSinusoids(_ name: String, _ shape: [Int]) throws(SourceError) {
    if let table = try takeIfPresent(name, shape) { try Sinusoids.check(table) }
  }
}
