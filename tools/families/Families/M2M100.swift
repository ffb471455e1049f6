import SwiftletModelFile
import SwiftletSources

/// M2M100 (Fan and others, 2020) and NLLB: many languages in one model; a text begins with its language's token.
enum M2M100 {
  static func load(_ directory: HuggingFaceDirectory) throws(SourceError) -> ImportedModel {
    var source = try HuggingFaceSource(directory, family: "m2m_100")
    try source.readSequenceToSequence(activations: ["relu", "gelu", "silu", "swish"])
    try source.readVocabulary()
    source.architecture.sharesEmbeddings = true
    source.architecture.positionEncoding = .halves
    // The positions 0 and 1 are the padding's, as in fairseq.
    source.architecture.firstPosition = 2
    source.architecture.positions = min(source.architecture.positions, 65_534)
    source.architecture.normPlacement = .pre
    source.architecture.hasFinalNorm = true
    guard try source.config.bool("tie_word_embeddings", default: true) else {
      throw source.config.error(.unsupported(key: "tie_word_embeddings", value: "false", supported: "true"))
    }
    try source.readDecoding(needed: ["eos_token_id", "decoder_start_token_id"])
    try source.checkOneEnd()
    try source.config.checkRemaining(keys)
    try source.readLanguageTokens()
    var assembly = TensorAssembly(source.architecture, names, try directory.weights())
    let frequencies = ComputedRows(Frequencies.fairseq(width: source.architecture.width))
    return source.model(
      try assembly.tensors(
        computed: [TensorName(.shared, .positionFrequencies): ImportedTensor(frequencies)],
        // Sinusoids and what they were made on, where an early version stored them.
        ignored: ["encoder", "decoder"].flatMap {
          ["model.\($0).embed_positions.weights", "model.\($0).embed_positions._float_tensor"]
        }))
  }

  private static let names: NameTable = {
    let tables = [
      "model.shared.weight", "model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight",
      "lm_head.weight",
    ]
    return [
      .shared: [.sourceEmbedding: .table(tables), .output: .table(tables)],
      .encoder: .bart("model.encoder."), .decoder: .bart("model.decoder."),
    ]
  }()

  private static let keys = ConfigurationKeys.family(
    harmless: ["tokenizer_class"],
    neutral: [
      "is_encoder_decoder": [.bool(true)], "normalize_before": [.bool(true)],
      "add_final_layer_norm": [.bool(true)], "normalize_embedding": [.bool(false)],
      "static_position_embeddings": [.bool(true)], "add_bias_logits": [.bool(false)],
      "extra_pos_embeddings": [.integer(2)],
    ])
}
