import SourcesTestSupport
import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources
import Testing

@Suite struct MarianConfigurationTests {
  /// A configuration in the form of the OPUS-MT models, with some keys replaced or removed.
  static func opus(_ changes: [String: String?] = [:]) -> String {
    var keys = base
    for (key, value) in changes { keys[key] = value }
    return "{" + keys.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",\n")
      + "}"
  }

  private static let base = [
    "_num_labels": "3", "_name_or_path": "\"/tmp/opus\"", "activation_dropout": "0.0",
    "activation_function": "\"swish\"", "add_bias_logits": "false", "add_final_layer_norm": "false",
    "architectures": "[\"MarianMTModel\"]", "attention_dropout": "0.0", "bad_words_ids": "[[59513]]",
    "bos_token_id": "0", "classif_dropout": "0.0", "classifier_dropout": "0.0", "d_model": "512",
    "decoder_attention_heads": "8", "decoder_ffn_dim": "2048", "decoder_layerdrop": "0.0",
    "decoder_layers": "6",
    "decoder_start_token_id": "59513", "decoder_vocab_size": "59514", "dropout": "0.1",
    "encoder_attention_heads": "8", "encoder_ffn_dim": "2048", "encoder_layerdrop": "0.0",
    "encoder_layers": "6",
    "eos_token_id": "0", "extra_pos_embeddings": "59514", "force_bos_token_to_be_generated": "false",
    "forced_eos_token_id": "0", "gradient_checkpointing": "false",
    "id2label": "{\"0\": \"LABEL_0\"}", "init_std": "0.02", "is_encoder_decoder": "true",
    "label2id": "{\"LABEL_0\": 0}", "max_length": "512", "max_position_embeddings": "512",
    "model_type": "\"marian\"", "normalize_before": "false", "normalize_embedding": "false", "num_beams": "6",
    "num_hidden_layers": "6", "pad_token_id": "59513", "scale_embedding": "true",
    "share_encoder_decoder_embeddings": "true", "static_position_embeddings": "true",
    "torch_dtype": "\"float16\"",
    "transformers_version": "\"4.22.0.dev0\"", "use_cache": "true", "vocab_size": "59514",
  ]

  static func read(_ config: String, generation: String? = nil) throws -> HuggingFaceSource {
    let directory = try TemporaryDirectory()
    try directory.write(config, to: "config.json")
    if let generation { try directory.write(generation, to: "generation_config.json") }
    return try Marian.configuration(try HuggingFaceDirectory(path: directory.path))
  }

  @Test func readsOpus() throws {
    let model = try Self.read(Self.opus())
    let a = model.architecture
    #expect((a.width, a.heads, a.keyValueHeads, a.headWidth) == (512, 8, 8, 64))
    #expect((a.encoderLayers, a.decoderLayers) == (6, 6))
    #expect((a.encoderFeedForward, a.decoderFeedForward) == (2048, 2048))
    #expect(a.activation == .swish)
    #expect(a.embeddingScale == Float(512).squareRoot())
    #expect(a.normPlacement == .post && !a.hasFinalNorm && !a.normalizesEmbeddings)
    #expect(a.sharesEmbeddings && model.isTied)
    #expect((a.sourceVocabulary, a.targetVocabulary) == (59514, 59514))
    let decoding = model.decoding
    #expect((decoding.paddingToken, decoding.endTokens, decoding.startToken) == (59513, [0], 59513))
    #expect(a.positions == 512)
    #expect(decoding.beams == 6)
    #expect(decoding.maximumLength == 512)
    #expect(decoding.forcesEnd)
    #expect(decoding.suppressedTokens == [59513])
  }

  @Test func generationSettingsWin() throws {
    let generation = #"""
      {"_from_model_config": true, "bad_words_ids": [[59513], [0]], "bos_token_id": 0, "num_beams": 4,
       "decoder_start_token_id": 59513, "eos_token_id": [0], "forced_eos_token_id": 0, "max_length": 128,
       "pad_token_id": 59513, "renormalize_logits": true, "suppress_tokens": [7, 3],
       "transformers_version": "4.32.0.dev0"}
      """#
    let decoding = try Self.read(Self.opus(), generation: generation).decoding
    #expect(decoding.beams == 4)
    #expect(decoding.maximumLength == 128)
    #expect(decoding.renormalizes)
    #expect(decoding.suppressedTokens == [3, 7, 59513])
  }

  @Test func missingKeysHaveTransformersDefaults() throws {
    let absent = [
      "scale_embedding", "decoder_vocab_size", "share_encoder_decoder_embeddings", "normalize_before",
      "num_beams",
      "static_position_embeddings", "add_final_layer_norm", "normalize_embedding", "max_length",
      "bad_words_ids",
      "forced_eos_token_id",
    ]
    let model = try Self.read(
      Self.opus(Dictionary(uniqueKeysWithValues: absent.map { ($0, String?.none) })))
    #expect(model.architecture.embeddingScale == 1)
    #expect(model.architecture.targetVocabulary == 59514)
    #expect(model.architecture.sharesEmbeddings)
    #expect(model.decoding.beams == 1)
    #expect(model.decoding.maximumLength == nil)
    #expect(!model.decoding.forcesEnd)
    #expect(model.decoding.suppressedTokens.isEmpty)
  }

  @Test func readsPreNorm() throws {
    let a = try Self.read(Self.opus(["normalize_before": "true", "add_final_layer_norm": "true"]))
      .architecture
    #expect(a.normPlacement == .pre && a.hasFinalNorm)
  }

  @Test func readsTheTokenizersConfiguration() throws {
    let directory = try TemporaryDirectory()
    try directory.write(Self.opus(), to: "config.json")
    let absent = try HuggingFaceDirectory(path: directory.path).marianTokenizerConfiguration()
    #expect(absent == MarianTokenizerConfiguration())
    try directory.write(
      #"{"source_lang":"en","target_lang":null,"model_max_length":1e30,"pad_token":{"content":"<p>"}}"#,
      to: "tokenizer_config.json")
    let present = try HuggingFaceDirectory(path: directory.path).marianTokenizerConfiguration()
    #expect(present.sourceLanguage == "en")
    #expect(present.targetLanguage == nil)
    #expect(present.maximumLength == nil)
    #expect((present.paddingToken, present.unknownToken) == ("<p>", "<unk>"))
    try directory.write(#"{"sp_model_kwargs":{"alpha":1}}"#, to: "tokenizer_config.json")
    let error = #expect(throws: SourceError.self) {
      try HuggingFaceDirectory(path: directory.path).marianTokenizerConfiguration()
    }
    #expect(
      error?.description.contains("tokenizer_config.json: sp_model_kwargs {…} is not supported") == true)
  }
}
