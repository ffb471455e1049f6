import SwiftletModelFile
import SwiftletSources

/// BERT (Devlin and others, 2019).
enum Bert {
  static func load(_ directory: HuggingFaceDirectory, _ sentence: SentenceHead? = nil) throws(SourceError)
    -> ImportedModel
  {
    var source = try HuggingFaceSource(directory, family: "bert")
    let task = try source.encoderTask(sentence)
    try source.readEncoder()
    source.architecture.segments = try source.config.integer("type_vocab_size", within: 0...256) ?? 2
    let positions = try source.readPositions("max_position_embeddings")
    source.architecture.activation = try source.activation(
      "hidden_act", of: HuggingFaceSource.encoderActivations)
    try source.readHead(task, sentence, pooled: .tanh, masked: source.architecture.activation)
    try source.readDecoding(needed: [])
    try source.config.checkRemaining(keys)
    let weights = try directory.weights()
    let hasPrefix = weights.tensor(named: "bert.embeddings.word_embeddings.weight") != nil
    let prefix = hasPrefix ? "bert." : ""
    var assembly = TensorAssembly(source.architecture, names(prefix, task, positions: positions), weights)
    return source.model(
      try assembly.tensors(
        computed: sentence?.tensors ?? [:],
        ignored: unused.map { prefix + $0 }
          + ["cls.seq_relationship.weight", "cls.seq_relationship.bias"]
          + (task == .maskedTokens || !hasPrefix ? [] : masked)))
  }

  /// What is there for another task than the model's.
  private static let unused = ["pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids"]
  private static let masked = [
    "cls.predictions.transform.dense.weight", "cls.predictions.transform.dense.bias",
    "cls.predictions.transform.LayerNorm.weight", "cls.predictions.transform.LayerNorm.bias",
    "cls.predictions.decoder.weight", "cls.predictions.decoder.bias", "cls.predictions.bias",
  ]

  private static func names(_ prefix: String, _ task: EncoderTask, positions: Int) -> NameTable {
    let embeddings: [String] = [
      prefix + "embeddings.word_embeddings.weight", "cls.predictions.decoder.weight",
    ]
    let stack: [TensorPart: Recipe] = [
      .positionEmbedding: .positions("embeddings.position_embeddings.weight", of: positions),
      .embeddingNorm: .norm("embeddings.LayerNorm"),
    ]
    return [
      .shared: [
        .sourceEmbedding: .table(embeddings),
        .output: .table(embeddings, bias: ["cls.predictions.bias", "cls.predictions.decoder.bias"]),
        .segmentEmbedding: .table(prefix + "embeddings.token_type_embeddings.weight"),
        .headProjection: .linear(
          task == .maskedTokens ? "cls.predictions.transform.dense" : prefix + "pooler.dense"),
        .headNorm: .norm("cls.predictions.transform.LayerNorm"),
        .classifier: .linear("classifier"),
      ],
      .encoder: (stack + layer.prefixed("encoder.layer.#.")).prefixed(prefix),
    ]
  }

  /// BERT's names in a layer, which RoBERTa has, too.
  static let layer: [TensorPart: Recipe] = [
    .selfQueryKeyValue: .linear("attention.self.query", "attention.self.key", "attention.self.value"),
    .selfOutput: .linear("attention.output.dense"),
    .selfNorm: .norm("attention.output.LayerNorm"),
    .feedForwardIn: .linear("intermediate.dense"),
    .feedForwardOut: .linear("output.dense"),
    .feedForwardNorm: .norm("output.LayerNorm"),
  ]

  private static let keys = ConfigurationKeys.family(
    harmless: [
      "tokenizer_class",
      // Of another implementation's poolers.
      "directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers",
      "pooler_size_per_head", "pooler_type",
    ])
}
