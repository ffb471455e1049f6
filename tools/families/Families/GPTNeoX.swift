import SwiftletModelFile
import SwiftletSources

/// GPT-NeoX (Black and others, 2022), of which Pythia is one.
enum GPTNeoX {
  static func load(_ directory: HuggingFaceDirectory) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: "gpt_neox")
    let hasBias = try configure(&source)
    let base = try source.config.number("rotary_emb_base", within: 1...1e12)
    let frequencies = try source.rotaryFrequencies(theta: base ?? 10_000)
    try source.readDecoding(needed: [])
    try source.config.checkRemaining(keys)
    var assembly = TensorAssembly(
      source.architecture, names(isTied: source.isTied, hasBias ? .required : .none), try directory.weights())
    return source.model(
      try assembly.tensors(
        computed: source.architecture.rotaryWidth > 0
          ? [TensorName(.shared, .rotaryFrequencies): ImportedTensor(ComputedRows(frequencies))] : [:],
        ignored: ["attention.bias", "attention.masked_bias", "attention.rotary_emb.inv_freq"].map {
          "gpt_neox.layers.#.\($0)"
        }))
  }

  /// Reads `config.json`; whether the projections of attention have biases.
  private static func configure(_ source: inout HuggingFaceSource) throws(SourceError) -> Bool {
    source.architecture.sharesEmbeddings = true
    source.architecture.positionEncoding = .none
    source.architecture.normPlacement = .pre
    source.architecture.hasFinalNorm = true
    try source.readVocabulary()
    source.architecture.width = try source.config.requiredInteger("hidden_size", within: 1...65_536)
    source.architecture.decoderLayers = try source.config.requiredInteger(
      "num_hidden_layers", within: 1...1024)
    source.architecture.decoderFeedForward = try source.config.requiredInteger(
      "intermediate_size", within: 1...65_536)
    try source.readHeads("num_attention_heads", widthKey: "hidden_size")
    source.architecture.normEpsilon = Float(
      try source.config.number("layer_norm_eps", within: 1e-12...1) ?? 1e-5)
    source.architecture.activation = try source.activation(
      "hidden_act", of: HuggingFaceSource.encoderActivations + ["gelu_fast", "tanh"], default: "gelu")
    source.architecture.isParallel = try source.config.bool("use_parallel_residual", default: true)
    source.isTied = try source.config.bool("tie_word_embeddings", default: false)
    _ = try source.readPositions("max_position_embeddings")
    try readRotaryWidth(&source)
    return try source.config.bool("attention_bias", default: true)
  }

  private static func readRotaryWidth(_ source: inout HuggingFaceSource) throws(SourceError) {
    var share = try source.config.number("rotary_pct", within: 0...1) ?? 0.25
    if case .object(let rotary) = source.config.value("rope_parameters"),
      let value = rotary["partial_rotary_factor"]?.double
    {
      share = value
    }
    let width = (0...1).contains(share) ? Int(Double(source.architecture.headWidth) * share) : -1
    guard width >= 0, width % 2 == 0 else {
      throw source.config.error(
        .unsupported(key: "rotary_pct", value: "\(share)", supported: "an even part of the head's width"))
    }
    source.architecture.rotaryWidth = width
  }

  private static func names(isTied: Bool, _ bias: Recipe.Bias) -> NameTable {
    let embeddings = ["gpt_neox.embed_in.weight"] + (isTied ? ["embed_out.weight"] : [])
    let layer: [TensorPart: Recipe] = [
      .selfQueryKeyValue: .linear("attention.query_key_value", bias: bias, layout: .headsInterleaved),
      .selfOutput: .linear("attention.dense", bias: bias),
      .selfNorm: .norm("input_layernorm"),
      .feedForwardIn: .linear("mlp.dense_h_to_4h"),
      .feedForwardOut: .linear("mlp.dense_4h_to_h"),
      .feedForwardNorm: .norm("post_attention_layernorm"),
    ]
    return [
      .shared: [
        .sourceEmbedding: .table(embeddings), .output: .table(isTied ? embeddings : ["embed_out.weight"]),
      ],
      .decoder: layer.prefixed("gpt_neox.layers.#.") + [.finalNorm: .norm("gpt_neox.final_layer_norm")],
    ]
  }

  private static let keys = ConfigurationKeys.family(
    harmless: ["tokenizer_class"])
}
