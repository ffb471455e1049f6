import SwiftletModelFile
import SwiftletSources

extension [TensorPart: Recipe] {
  /// The names that BART's relatives have in a stack: `prefix` is `model.encoder.` or `model.decoder.`.
  static func bart(_ prefix: String) -> Self {
    let stack: Self = [
      .embeddingNorm: .norm("layernorm_embedding"),
      .finalNorm: .norm("layer_norm"),
    ]
    let layer: Self = [
      .selfQueryKeyValue: .linear("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
      .selfOutput: .linear("self_attn.out_proj"),
      .selfNorm: .norm("self_attn_layer_norm"),
      .crossQuery: .linear("encoder_attn.q_proj"),
      .crossKeyValue: .linear("encoder_attn.k_proj", "encoder_attn.v_proj"),
      .crossOutput: .linear("encoder_attn.out_proj"),
      .crossNorm: .norm("encoder_attn_layer_norm"),
      .feedForwardIn: .linear("fc1"),
      .feedForwardOut: .linear("fc2"),
      .feedForwardNorm: .norm("final_layer_norm"),
    ]
    return (stack + layer.prefixed("layers.#.")).prefixed(prefix)
  }
}

extension HuggingFaceSource {
  /// What BART's relatives say in the same words: measures, heads, activation, scale of embeddings.
  mutating func readSequenceToSequence(activations: [String]) throws(SourceError) {
    architecture.width = try config.requiredInteger("d_model", within: 2...65_536)
    _ = try readPositions("max_position_embeddings")
    architecture.encoderLayers = try config.requiredInteger("encoder_layers", within: 1...1024)
    architecture.decoderLayers = try config.requiredInteger("decoder_layers", within: 1...1024)
    let inner = 1...1_048_576
    architecture.encoderFeedForward = try config.requiredInteger("encoder_ffn_dim", within: inner)
    architecture.decoderFeedForward = try config.requiredInteger("decoder_ffn_dim", within: inner)
    architecture.activation = try activation("activation_function", of: activations)
    if try config.bool("scale_embedding", default: false) {
      architecture.embeddingScale = Float(architecture.width).squareRoot()
    }
    try readBothHeads()
    architecture.normEpsilon = 1e-5  // PyTorch's default, which these layers keep.
    try checkEqual("num_hidden_layers", "encoder_layers", architecture.encoderLayers)
    try checkEqual("num_attention_heads", "encoder_attention_heads", architecture.heads)
    try checkEqual("hidden_size", "d_model", architecture.width)
  }

  private mutating func readBothHeads() throws(SourceError) {
    guard architecture.width % 2 == 0 else {
      throw config.error(
        .unsupported(key: "d_model", value: "\(architecture.width)", supported: "even widths"))
    }
    try readHeads("decoder_attention_heads", widthKey: "d_model")
    let heads = architecture.heads
    try readHeads("encoder_attention_heads", widthKey: "d_model")
    guard heads == architecture.heads else {
      throw config.error(
        .contradiction(
          key: "decoder_attention_heads", value: "\(heads)", other: "encoder_attention_heads",
          otherValue: "\(architecture.heads)"))
    }
  }

  /// An encoder-decoder's texts end with one token, which ends sources, too.
  func checkOneEnd() throws(SourceError) {
    guard decoding.endTokens.count == 1 else {
      throw config.error(
        .unsupported(key: "eos_token_id", value: "\(decoding.endTokens)", supported: "one id"))
    }
  }
}
