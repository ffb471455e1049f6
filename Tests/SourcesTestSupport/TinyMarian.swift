/// A Marian model of a few thousand numbers, in any of the variants that a configuration can ask for.
package struct TinyMarian: Sendable {
  package var width = 12
  package var heads = 3
  package var layers = (encoder: 2, decoder: 1)
  package var feedForward = (encoder: 20, decoder: 16)
  package var sourceVocabulary = 11
  package var targetVocabulary = 11
  package var positions = 16
  package var activation = "relu"
  package var scales = true
  package var before = false
  package var normalizesEmbedding = false
  package var shares = true
  package var ties = true
  /// Tensors by name, as `write` puts them into the file.
  package var tensors: [String: SafetensorsBytes.Tensor] = [:]
  private var seed: UInt64 = 1

  package init(_ change: (inout TinyMarian) -> Void = { _ in }) {
    change(&self)
    makeTables()
    for layer in 0..<layers.encoder {
      makeLayer("model.encoder.layers.\(layer)", ["self_attn"], feedForward.encoder)
    }
    for layer in 0..<layers.decoder {
      makeLayer("model.decoder.layers.\(layer)", ["self_attn", "encoder_attn"], feedForward.decoder)
    }
  }

  private mutating func makeTables() {
    if shares {
      make("model.shared.weight", [sourceVocabulary, width])
    } else {
      make("model.encoder.embed_tokens.weight", [sourceVocabulary, width])
      make("model.decoder.embed_tokens.weight", [targetVocabulary, width])
    }
    if !ties { make("lm_head.weight", [targetVocabulary, width]) }
    make("final_logits_bias", [1, targetVocabulary])
    for stack in ["encoder", "decoder"] {
      if normalizesEmbedding { makeNorm("model.\(stack).layernorm_embedding") }
      if before { makeNorm("model.\(stack).layer_norm") }
    }
  }

  private mutating func makeLayer(_ name: String, _ attentions: [String], _ inner: Int) {
    for attention in attentions {
      for part in ["q_proj", "k_proj", "v_proj", "out_proj"] {
        make("\(name).\(attention).\(part).weight", [width, width])
        make("\(name).\(attention).\(part).bias", [width])
      }
      makeNorm("\(name).\(attention)_layer_norm")
    }
    make("\(name).fc1.weight", [inner, width])
    make("\(name).fc1.bias", [inner])
    make("\(name).fc2.weight", [width, inner])
    make("\(name).fc2.bias", [width])
    makeNorm("\(name).final_layer_norm")
  }

  private mutating func makeNorm(_ name: String) {
    make("\(name).weight", [width])
    make("\(name).bias", [width])
  }

  /// Numbers within ±0.5, the same in every run.
  private mutating func make(_ name: String, _ shape: [Int]) {
    let values = (0..<shape.reduce(1, *)).map { _ in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(seed >> 40) / 0x1p24 - 0.5
    }
    tensors[name] = .init(name, shape, values)
  }

  /// `config.json`. Ids: 0 ends, the last source id pads and begins.
  package var configuration: String {
    """
    {"model_type": "marian", "d_model": \(width), "max_position_embeddings": \(positions),
     "encoder_layers": \(layers.encoder), "decoder_layers": \(layers.decoder),
     "encoder_attention_heads": \(heads), "decoder_attention_heads": \(heads),
     "encoder_ffn_dim": \(feedForward.encoder), "decoder_ffn_dim": \(feedForward.decoder),
     "activation_function": "\(activation)", "scale_embedding": \(scales), "normalize_before": \(before),
     "add_final_layer_norm": \(before), "normalize_embedding": \(normalizesEmbedding),
     "share_encoder_decoder_embeddings": \(shares), "tie_word_embeddings": \(ties),
     "vocab_size": \(sourceVocabulary), "decoder_vocab_size": \(targetVocabulary),
     "pad_token_id": \(min(sourceVocabulary, targetVocabulary) - 1), "eos_token_id": 0,
     "decoder_start_token_id": \(min(sourceVocabulary, targetVocabulary) - 1)}
    """
  }

  /// Writes `config.json` and `model.safetensors`.
  package func write(to directory: TemporaryDirectory) throws {
    try directory.write(configuration, to: "config.json")
    let sorted = tensors.sorted { $0.key < $1.key }.map(\.value)
    try directory.write(SafetensorsBytes.file(sorted), to: "model.safetensors")
  }
}
