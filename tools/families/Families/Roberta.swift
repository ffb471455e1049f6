import SwiftletModelFile
import SwiftletSources

/// RoBERTa (Liu and others, 2019), XLM-R and CamemBERT: BERT with other positions and heads.
enum Roberta {
  static func load(
    _ directory: HuggingFaceDirectory, family: String, _ sentence: SentenceHead? = nil
  ) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: family)
    let task = try source.encoderTask(sentence)
    try source.readEncoder()
    source.architecture.segments = try source.config.integer("type_vocab_size", within: 0...256) ?? 2
    let positions = try readPositions(&source)
    source.architecture.activation = try source.activation(
      "hidden_act", of: HuggingFaceSource.encoderActivations, default: "gelu")
    try source.readHead(task, sentence, pooled: .tanh, masked: .gelu)
    try source.readDecoding(needed: [])
    try source.config.checkRemaining(keys)
    let weights = try directory.weights()
    let hasPrefix = weights.tensor(named: "roberta.embeddings.word_embeddings.weight") != nil
    let prefix = hasPrefix ? "roberta." : ""
    var assembly = TensorAssembly(source.architecture, names(prefix, task, positions), weights)
    return source.model(
      try assembly.tensors(
        computed: sentence?.tensors ?? [:],
        ignored: ["pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids"].map { prefix + $0 }
          + (task == .maskedTokens ? [] : masked)))
  }

  /// Positions begin behind that of the padding: the rows up to it are for no token.
  private static func readPositions(
    _ source: inout HuggingFaceSource
  ) throws(SourceError) -> (stored: Int, skipped: Int) {
    let stored = try source.readPositions("max_position_embeddings")
    let vocabulary = source.architecture.sourceVocabulary
    let skipped = (try source.config.token("pad_token_id", vocabulary: vocabulary) ?? 1) + 1
    guard skipped < stored else {
      throw source.config.error(
        .contradiction(
          key: "pad_token_id", value: "\(skipped - 1)", other: "max_position_embeddings",
          otherValue: "\(stored)"))
    }
    source.architecture.positions = min(stored - skipped, 65_536)
    return (stored, skipped)
  }

  /// What is there for another task than the model's.
  private static let masked = [
    "lm_head.dense.weight", "lm_head.dense.bias", "lm_head.layer_norm.weight", "lm_head.layer_norm.bias",
    "lm_head.bias", "lm_head.decoder.weight", "lm_head.decoder.bias",
  ]

  private static func names(
    _ prefix: String, _ task: EncoderTask, _ positions: (stored: Int, skipped: Int)
  ) -> NameTable {
    let embeddings =
      [prefix + "embeddings.word_embeddings.weight"]
      + (task == .maskedTokens ? ["lm_head.decoder.weight"] : [])
    let stack: [TensorPart: Recipe] = [
      .positionEmbedding: .positions(
        "embeddings.position_embeddings.weight", skipping: positions.skipped, of: positions.stored),
      .embeddingNorm: .norm("embeddings.LayerNorm"),
    ]
    return [
      .shared: [
        .sourceEmbedding: .table(embeddings),
        .output: .table(embeddings, bias: ["lm_head.bias", "lm_head.decoder.bias"]),
        .segmentEmbedding: .table(prefix + "embeddings.token_type_embeddings.weight"),
        .headProjection: .linear(task == .maskedTokens ? "lm_head.dense" : "classifier.dense"),
        .headNorm: .norm("lm_head.layer_norm"),
        .classifier: .linear(task == .sequenceClasses ? "classifier.out_proj" : "classifier"),
      ],
      .encoder: (stack + Bert.layer.prefixed("encoder.layer.#.")).prefixed(prefix),
    ]
  }

  private static let keys = ConfigurationKeys.family(harmless: ["tokenizer_class", "output_past"])
}
