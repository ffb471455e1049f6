import SwiftletModelFile
import SwiftletSources

/// Llama and what is built like it: Mistral (a window of attention), Qwen 2 (biases of queries, keys and values), SmolLM.
enum Llama {
  static func load(_ directory: HuggingFaceDirectory, family: String) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: family)
    try configure(&source)
    let frequencies = try source.rotaryFrequencies()
    try readWindow(&source, family)
    let isTied = try source.config.bool("tie_word_embeddings", default: false)
    let biases = try readBiases(&source, family)
    try source.readDecoding(needed: [])
    try source.config.checkRemaining(keys)
    var assembly = TensorAssembly(
      source.architecture, names(isTied: isTied, biases), try directory.weights())
    return source.model(
      try assembly.tensors(
        computed: [TensorName(.shared, .rotaryFrequencies): ImportedTensor(ComputedRows(frequencies))],
        ignored: ["model.layers.#.self_attn.rotary_emb.inv_freq"]))
  }

  /// What all models with rotary positions, RMS norms and gated feed-forward networks are.
  static func base() -> Architecture {
    var a = Architecture()
    a.positionEncoding = .none
    a.normKind = .rootMeanSquare
    a.normPlacement = .pre
    a.hasFinalNorm = true
    a.activation = .swish
    a.isGated = true
    a.sharesEmbeddings = true
    return a
  }

  private static func configure(_ source: inout HuggingFaceSource) throws(SourceError) {
    source.architecture = base()
    _ = try source.readPositions("max_position_embeddings")
    source.architecture.width = try source.config.requiredInteger("hidden_size", within: 1...65_536)
    source.architecture.decoderLayers = try source.config.requiredInteger(
      "num_hidden_layers", within: 1...1024)
    source.architecture.decoderFeedForward = try source.config.requiredInteger(
      "intermediate_size", within: 1...65_536)
    let vocabulary = try source.config.requiredInteger("vocab_size", within: 2...4_000_000)
    source.architecture.sourceVocabulary = vocabulary
    source.architecture.targetVocabulary = vocabulary
    source.architecture.normEpsilon = Float(
      try source.config.number("rms_norm_eps", within: 1e-12...1) ?? 1e-6)
    source.architecture.activation = try source.activation(
      "hidden_act", of: ["silu", "swish", "gelu", "gelu_new", "gelu_pytorch_tanh", "relu"], default: "silu")
    try readHeads(&source)
  }

  private static func readHeads(_ source: inout HuggingFaceSource) throws(SourceError) {
    let heads = try source.config.requiredInteger("num_attention_heads", within: 1...1024)
    let keyValueHeads = try source.config.integer("num_key_value_heads", within: 1...heads) ?? heads
    guard heads % keyValueHeads == 0 else {
      throw source.config.error(
        .contradiction(
          key: "num_key_value_heads", value: "\(keyValueHeads)", other: "num_attention_heads",
          otherValue: "\(heads)"))
    }
    source.architecture.heads = heads
    source.architecture.keyValueHeads = keyValueHeads
    if let width = try source.config.integer("head_dim", within: 2...4096) {
      source.architecture.headWidth = width
    } else {
      try source.readHeads("num_attention_heads", widthKey: "hidden_size")
      source.architecture.keyValueHeads = keyValueHeads
    }
    let width = source.architecture.headWidth
    guard width % 2 == 0 else {
      throw source.config.error(.unsupported(key: "head_dim", value: "\(width)", supported: "even widths"))
    }
    source.architecture.rotaryWidth = width
  }

  /// `sliding_window`, for all layers or for none: a window in some of them is another architecture.
  private static func readWindow(
    _ source: inout HuggingFaceSource, _ family: String
  ) throws(SourceError) {
    let window = try source.config.integer("sliding_window", within: 1...1_000_000_000)
    let layers = source.architecture.decoderLayers
    var windowed = family == "mistral" ? layers : 0
    if family == "qwen2" {
      let first = try source.config.integer("max_window_layers", within: 0...1_000_000) ?? 28
      if try source.config.bool("use_sliding_window", default: false) { windowed = max(0, layers - first) }
    }
    if case .array(let types) = source.config.value("layer_types") {
      windowed = types.filter { $0 == .string("sliding_attention") }.count
      for type in types where type != .string("sliding_attention") && type != .string("full_attention") {
        throw source.config.error(
          .unsupported(
            key: "layer_types", value: type.excerpt, supported: "\"full_attention\", \"sliding_attention\""))
      }
    }
    guard let window, windowed > 0, window < source.architecture.positions else { return }
    guard windowed == layers else {
      throw source.config.error(
        .unsupported(
          key: "sliding_window", value: "\(window) in \(windowed) of \(layers) layers",
          supported: "a window in all layers or in none"))
    }
    source.architecture.attentionWindow = window
  }

  /// Which projections have biases.
  struct Biases {
    var queryKeyValue = Recipe.Bias.none
    var output = Recipe.Bias.none
    var feedForward = Recipe.Bias.none
  }

  private static func readBiases(_ source: inout HuggingFaceSource, _ family: String) throws(SourceError)
    -> Biases
  {
    var biases = Biases()
    if family == "qwen2" { biases.queryKeyValue = .required }
    if try source.config.bool("attention_bias", default: false) {
      biases.queryKeyValue = .required
      biases.output = .required
    }
    if try source.config.bool("mlp_bias", default: false) { biases.feedForward = .required }
    return biases
  }

  private static func names(isTied: Bool, _ biases: Biases) -> NameTable {
    let embeddings = ["model.embed_tokens.weight"] + (isTied ? ["lm_head.weight"] : [])
    let layer: [TensorPart: Recipe] = [
      .selfQueryKeyValue: .linear(
        "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", bias: biases.queryKeyValue),
      .selfOutput: .linear("self_attn.o_proj", bias: biases.output),
      .selfNorm: .norm("input_layernorm"),
      .feedForwardIn: .linear("mlp.gate_proj", "mlp.up_proj", bias: biases.feedForward),
      .feedForwardOut: .linear("mlp.down_proj", bias: biases.feedForward),
      .feedForwardNorm: .norm("post_attention_layernorm"),
    ]
    return [
      .shared: [
        .sourceEmbedding: .table(embeddings),
        .output: .table(isTied ? embeddings : ["lm_head.weight"]),
      ],
      .decoder: layer.prefixed("model.layers.#.") + [.finalNorm: .norm("model.norm")],
    ]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: ["pretraining_tp", "tokenizer_class"],
    neutral: [
      "clip_qkv": [], "rope_interleaved": [.bool(false)], "is_llama_config": [.bool(true)],
      "use_mrope": [.bool(false)],
      "residual_dropout": [.number(0)],
    ])
}
