import SwiftletModelFile
import SwiftletSources

/// ALBERT (Lan and others, 2020): narrow embeddings, which are projected, and one layer's weights for all layers.
enum Albert {
  static func load(
    _ directory: HuggingFaceDirectory, _ sentence: SentenceHead? = nil
  ) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: "albert")
    let task = try source.encoderTask(sentence)
    try source.readEncoder()
    source.architecture.segments = try source.config.integer("type_vocab_size", within: 0...256) ?? 2
    source.architecture.embeddingWidth =
      try source.config.integer("embedding_size", within: 1...65_536) ?? 128
    let positions = try source.readPositions("max_position_embeddings")
    let activations = HuggingFaceSource.encoderActivations
    source.architecture.activation = try source.activation("hidden_act", of: activations, default: "gelu_new")
    try source.readHead(task, sentence, pooled: .tanh, masked: source.architecture.activation)
    try source.readDecoding(needed: [])
    try source.config.checkRemaining(keys)
    let weights = try directory.weights()
    let hasPrefix = weights.tensor(named: "albert.embeddings.word_embeddings.weight") != nil
    let prefix = hasPrefix ? "albert." : ""
    var assembly = TensorAssembly(source.architecture, names(prefix, task, positions: positions), weights)
    return source.model(
      try assembly.tensors(
        computed: sentence?.tensors ?? [:],
        ignored: ["pooler.weight", "pooler.bias", "embeddings.position_ids"].map { prefix + $0 } + orders
          + (task == .maskedTokens ? [] : masked)))
  }

  /// What is there for another task than the model's.
  private static let masked = [
    "predictions.dense.weight", "predictions.dense.bias", "predictions.LayerNorm.weight",
    "predictions.LayerNorm.bias", "predictions.bias", "predictions.decoder.weight",
    "predictions.decoder.bias",
  ]
  private static let orders = ["sop_classifier.classifier.weight", "sop_classifier.classifier.bias"]

  private static func names(_ prefix: String, _ task: EncoderTask, positions: Int) -> NameTable {
    let embeddings =
      [prefix + "embeddings.word_embeddings.weight"]
      + (task == .maskedTokens ? ["predictions.decoder.weight"] : [])
    let stack: [TensorPart: Recipe] = [
      .positionEmbedding: .positions("embeddings.position_embeddings.weight", of: positions),
      .embeddingNorm: .norm("embeddings.LayerNorm"),
    ]
    // No number of a layer in the names: all layers have the same tensors.
    let layer: [TensorPart: Recipe] = [
      .selfQueryKeyValue: .linear("attention.query", "attention.key", "attention.value"),
      .selfOutput: .linear("attention.dense"),
      .selfNorm: .norm("attention.LayerNorm"),
      .feedForwardIn: .linear("ffn"),
      .feedForwardOut: .linear("ffn_output"),
      .feedForwardNorm: .norm("full_layer_layer_norm"),
    ]
    return [
      .shared: [
        .sourceEmbedding: .table(embeddings),
        .output: .table(embeddings, bias: ["predictions.bias", "predictions.decoder.bias"]),
        .segmentEmbedding: .table(prefix + "embeddings.token_type_embeddings.weight"),
        .embeddingProjection: .linear(prefix + "encoder.embedding_hidden_mapping_in"),
        .headProjection: .linear(task == .maskedTokens ? "predictions.dense" : prefix + "pooler"),
        .headNorm: .norm("predictions.LayerNorm"),
        .classifier: .linear("classifier"),
      ],
      .encoder: (stack + layer.prefixed("encoder.albert_layer_groups.0.albert_layers.0.")).prefixed(prefix),
    ]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: ["tokenizer_class", "down_scale_factor", "net_structure_type"],
    neutral: [
      "num_hidden_groups": [.integer(1)], "inner_group_num": [.integer(1)], "gap_size": [.integer(0)],
      "num_memory_blocks": [.integer(0)],
    ])
}
