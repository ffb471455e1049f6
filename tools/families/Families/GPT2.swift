import SwiftletModelFile
import SwiftletSources

/// GPT-2 (Radford and others, 2019).
enum GPT2 {
  static func load(_ directory: HuggingFaceDirectory) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: "gpt2")
    let positions = try configure(&source)
    try source.readDecoding(needed: [])
    try source.config.checkRemaining(keys)
    let weights = try directory.weights()
    // The first checkpoints have no prefix.
    let prefix = weights.tensor(named: "transformer.wte.weight") != nil ? "transformer." : ""
    var assembly = TensorAssembly(source.architecture, names(prefix, positions: positions), weights)
    return source.model(
      try assembly.tensors(ignored: ["h.#.attn.bias", "h.#.attn.masked_bias"].map { prefix + $0 }))
  }

  private static func configure(_ source: inout HuggingFaceSource) throws(SourceError) -> Int {
    source.architecture.sharesEmbeddings = true
    source.architecture.positionEncoding = .learned
    source.architecture.normPlacement = .pre
    source.architecture.hasFinalNorm = true
    try source.readVocabulary()
    source.architecture.width = try source.config.requiredInteger("n_embd", within: 1...65_536)
    let width = source.architecture.width
    source.architecture.decoderLayers = try source.config.requiredInteger("n_layer", within: 1...1024)
    source.architecture.decoderFeedForward =
      try source.config.integer("n_inner", within: 1...65_536) ?? 4 * width
    try source.readHeads("n_head", widthKey: "n_embd")
    source.architecture.normEpsilon = Float(
      try source.config.number("layer_norm_epsilon", within: 1e-12...1) ?? 1e-5)
    source.architecture.activation = try source.activation(
      "activation_function", of: HuggingFaceSource.encoderActivations + ["gelu_fast", "tanh"],
      default: "gelu_new")
    guard try source.config.bool("tie_word_embeddings", default: true) else {
      throw source.config.error(.unsupported(key: "tie_word_embeddings", value: "false", supported: "true"))
    }
    let positions = try source.readPositions("n_positions")
    try source.checkEqual("n_ctx", "n_positions", positions)
    return positions
  }

  private static func names(_ prefix: String, positions: Int) -> NameTable {
    let embeddings = [prefix + "wte.weight", "lm_head.weight"]
    let stack: [TensorPart: Recipe] = [
      .positionEmbedding: .positions("wpe.weight", of: positions), .finalNorm: .norm("ln_f"),
    ]
    let layer: [TensorPart: Recipe] = [
      .selfQueryKeyValue: .linear("attn.c_attn", layout: .transposed),
      .selfOutput: .linear("attn.c_proj", layout: .transposed),
      .selfNorm: .norm("ln_1"),
      .feedForwardIn: .linear("mlp.c_fc", layout: .transposed),
      .feedForwardOut: .linear("mlp.c_proj", layout: .transposed),
      .feedForwardNorm: .norm("ln_2"),
    ]
    return [
      .shared: [.sourceEmbedding: .table(embeddings), .output: .table(embeddings)],
      .decoder: (stack + layer.prefixed("h.#.")).prefixed(prefix),
    ]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: [
      "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type",
      "summary_use_proj", "tokenizer_class", "reorder_and_upcast_attn",
    ],
    neutral: ["scale_attn_weights": [.bool(true)], "scale_attn_by_inverse_layer_idx": [.bool(false)]])
}
