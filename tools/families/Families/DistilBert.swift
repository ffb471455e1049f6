import SwiftletModelFile
import SwiftletSources

/// DistilBERT (Sanh and others, 2019).
enum DistilBert {
  static func load(
    _ directory: HuggingFaceDirectory, _ sentence: SentenceHead? = nil
  ) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: "distilbert")
    let task = try source.encoderTask(sentence)
    let positions = try configure(&source)
    try source.readHead(task, sentence, pooled: .relu, masked: source.architecture.activation)
    try source.readDecoding(needed: [])
    try source.config.checkRemaining(keys)
    let weights = try directory.weights()
    let hasPrefix = weights.tensor(named: "distilbert.embeddings.word_embeddings.weight") != nil
    let prefix = hasPrefix ? "distilbert." : ""
    var assembly = TensorAssembly(source.architecture, names(prefix, task, positions: positions), weights)
    return source.model(
      try assembly.tensors(
        computed: sentence?.tensors ?? [:],
        ignored: [prefix + "embeddings.position_ids"] + (task == .maskedTokens ? [] : masked)))
  }

  private static func configure(_ source: inout HuggingFaceSource) throws(SourceError) -> Int {
    source.architecture.sharesEmbeddings = true
    source.architecture.normalizesEmbeddings = true
    source.architecture.normEpsilon = 1e-12
    source.architecture.positionEncoding = .learned  // Sinusoids, if they were such, are stored, too.
    try source.readVocabulary()
    source.architecture.width = try source.config.requiredInteger("dim", within: 1...65_536)
    source.architecture.encoderLayers = try source.config.requiredInteger("n_layers", within: 1...1024)
    source.architecture.encoderFeedForward = try source.config.requiredInteger(
      "hidden_dim", within: 1...65_536)
    try source.readHeads("n_heads", widthKey: "dim")
    source.architecture.activation = try source.activation(
      "activation", of: HuggingFaceSource.encoderActivations, default: "gelu")
    try source.readTiedTokens()
    return try source.readPositions("max_position_embeddings", default: 512)
  }

  /// What is there for another task than the model's.
  private static let masked = [
    "vocab_transform.weight", "vocab_transform.bias", "vocab_layer_norm.weight", "vocab_layer_norm.bias",
    "vocab_projector.weight", "vocab_projector.bias",
  ]

  private static func names(_ prefix: String, _ task: EncoderTask, positions: Int) -> NameTable {
    let embeddings =
      [prefix + "embeddings.word_embeddings.weight"]
      + (task == .maskedTokens ? ["vocab_projector.weight"] : [])
    let stack: [TensorPart: Recipe] = [
      .positionEmbedding: .positions("embeddings.position_embeddings.weight", of: positions),
      .embeddingNorm: .norm("embeddings.LayerNorm"),
    ]
    let layer: [TensorPart: Recipe] = [
      .selfQueryKeyValue: .linear("attention.q_lin", "attention.k_lin", "attention.v_lin"),
      .selfOutput: .linear("attention.out_lin"),
      .selfNorm: .norm("sa_layer_norm"),
      .feedForwardIn: .linear("ffn.lin1"),
      .feedForwardOut: .linear("ffn.lin2"),
      .feedForwardNorm: .norm("output_layer_norm"),
    ]
    return [
      .shared: [
        .sourceEmbedding: .table(embeddings),
        .output: .table(embeddings, bias: ["vocab_projector.bias"]),
        .headProjection: .linear(task == .maskedTokens ? "vocab_transform" : "pre_classifier"),
        .headNorm: .norm("vocab_layer_norm"),
        .classifier: .linear("classifier"),
      ],
      .encoder: (stack + layer.prefixed("transformer.layer.#.")).prefixed(prefix),
    ]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: [
      "qa_dropout", "seq_classif_dropout", "sinusoidal_pos_embds", "tie_weights_", "tokenizer_class",
    ])
}
