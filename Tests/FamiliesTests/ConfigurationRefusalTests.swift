import SwiftletModelFile
import SwiftletSources
import Testing

/// Each value that would not be honoured, with the words in which it is refused.
@Suite struct ConfigurationRefusalTests {
  static let values: [(key: String, value: String?, message: String)] = [
    ("model_type", "\"bart\"", "model_type \"bart\" is not supported (only \"marian\")"),
    ("model_type", nil, "model_type is missing"),
    (
      "activation_function", "\"gelu_new\"",
      "activation_function \"gelu_new\" is not supported (only \"relu\", \"swish\", \"silu\")"
    ),
    ("activation_function", nil, "activation_function is missing"),
    ("static_position_embeddings", "false", "static_position_embeddings false is not supported"),
    ("normalize_before", "true", "normalize_before true contradicts add_final_layer_norm false"),
    ("add_final_layer_norm", "true", "normalize_before false contradicts add_final_layer_norm true"),
    ("scale_embedding", "1", "scale_embedding 1 is not true or false"),
    ("d_model", nil, "d_model is missing"),
    ("d_model", "null", "d_model is missing"),
    ("d_model", "0", "d_model 0 is not within 2 to 65536"),
    ("d_model", "-512", "d_model -512 is not within"),
    ("d_model", "512.5", "d_model 512.5 is not a whole number"),
    ("d_model", "\"512\"", "d_model \"512\" is not a whole number"),
    ("d_model", "513", "d_model 513 is not supported (only even widths)"),
    ("encoder_attention_heads", "7", "encoder_attention_heads 7 contradicts d_model 512"),
    ("decoder_attention_heads", "3", "decoder_attention_heads 3 contradicts d_model 512"),
    ("decoder_attention_heads", "0", "decoder_attention_heads 0 is not within 1 to 1024"),
    ("encoder_layers", "0", "encoder_layers 0 is not within 1 to 1024"),
    ("decoder_ffn_dim", "99999999999", "decoder_ffn_dim 99999999999 is not within"),
    ("num_hidden_layers", "12", "num_hidden_layers 12 contradicts encoder_layers 6"),
    ("hidden_size", "256", "hidden_size 256 contradicts d_model 512"),
    ("num_attention_heads", "16", "num_attention_heads 16 contradicts encoder_attention_heads 8"),
    ("vocab_size", "1", "vocab_size 1 is not within 2 to 10000000"),
    ("decoder_vocab_size", "60000", "decoder_vocab_size 60000 contradicts vocab_size 59514 (share"),
    ("max_position_embeddings", "0", "max_position_embeddings 0 is not within"),
    ("pad_token_id", "59514", "pad_token_id 59514 is not within 0 to 59513"),
    ("pad_token_id", nil, "pad_token_id is missing"),
    ("eos_token_id", "-1", "eos_token_id -1 is not within 0 to 59513"),
    ("eos_token_id", "[0, 1]", "eos_token_id [0, 1] is not supported (only one id)"),
    ("eos_token_id", "\"</s>\"", "eos_token_id \"</s>\" is not a token id"),
    ("decoder_start_token_id", nil, "decoder_start_token_id is missing"),
    ("forced_eos_token_id", "2", "forced_eos_token_id 2 is not supported (only eos_token_id)"),
    (
      "force_bos_token_to_be_generated", "true",
      "force_bos_token_to_be_generated true is not supported (only false)"
    ),
    ("bad_words_ids", "[[1, 2]]", "bad_words_ids [[1, 2]] is not supported (only words of one token each)"),
    ("bad_words_ids", "[1]", "bad_words_ids [1] is not supported"),
    ("bad_words_ids", "[[59514]]", "bad_words_ids 59514 is not within 0 to 59513"),
    ("bad_words_ids", "7", "bad_words_ids 7 is not a list"),
    ("suppress_tokens", "[\"a\"]", "suppress_tokens [\"a\"] is not a list of token ids"),
    ("suppress_tokens", "[5, 0]", "suppress_tokens [5, 0] contradicts eos_token_id 0"),
    ("num_beams", "0", "num_beams 0 is not within 1 to 1024"),
    ("max_length", "0", "max_length 0 is not within"),
    ("is_encoder_decoder", "false", "is_encoder_decoder false is not supported (only true)"),
    ("layer_norm_eps", "1e-6", "layer_norm_eps 1e-06 is not supported (only 1e-05)"),
    ("prefix", "\"translate: \"", "prefix \"translate: \" is not supported"),
    (
      "quantization_config", "{\"bits\": 4}",
      "quantization_config {…} is not known, and might change the result"
    ),
    ("layer_drop_path", "[1, 2]", "layer_drop_path [1, 2] is not known"),
  ]

  @Test(arguments: values) func refuses(_ key: String, _ value: String?, _ message: String) throws {
    let text = MarianConfigurationTests.opus([key: value])
    let error = #expect(throws: SourceError.self) { try MarianConfigurationTests.read(text) }
    let found = try #require(error).description
    #expect(found.contains("/config.json: \(message)"), "\(found)")
  }

  @Test(arguments: [
    (Architecture.Activation.relu, "\"relu\""), (.swish, "\"swish\""), (.swish, "\"silu\""),
  ]) func accepts(_ activation: Architecture.Activation, _ value: String) throws {
    let model = try MarianConfigurationTests.read(
      MarianConfigurationTests.opus(["activation_function": value]))
    #expect(model.architecture.activation == activation)
  }

  /// How to search is for whoever runs the model to choose.
  @Test(arguments: [
    ("do_sample", "true"), ("length_penalty", "0.6"), ("repetition_penalty", "1.2"),
    ("no_repeat_ngram_size", "3"), ("min_length", "10"), ("early_stopping", "true"),
    ("task_specific_params", "{\"x\": {}}"),
  ]) func notesSettingsOfASearch(_ key: String, _ value: String) throws {
    let plain = try MarianConfigurationTests.read(MarianConfigurationTests.opus())
    let model = try MarianConfigurationTests.read(MarianConfigurationTests.opus([key: value]))
    #expect(plain.notes.isEmpty)
    #expect(model.notes.count == 1 && model.notes[0].contains("/config.json: \(key) "))
    #expect(model.decoding == plain.decoding)
  }

  @Test(arguments: [
    (#"{"eos_token_id": 1}"#, "generation_config.json: eos_token_id 1 contradicts"),
    (#"{"pad_token_id": 5}"#, "generation_config.json: pad_token_id 5 contradicts"),
    (#"{"num_beam_groups": 2}"#, "generation_config.json: num_beam_groups 2 is not supported"),
    (
      #"{"bad_words_ids": [[1], [2, 3]]}"#,
      "generation_config.json: bad_words_ids [[1], [2, 3]] is not supported"
    ),
    (#"{"watermarking_config": {}}"#, "generation_config.json: watermarking_config {} is not known"),
    ("[]", "generation_config.json: not valid JSON at byte 0: found '[', expected an object"),
    ("", "generation_config.json: not valid JSON at byte 0: the text ends inside a value"),
  ])
  func refusesSettingsOfDecoding(_ generation: String, _ message: String) throws {
    let error = #expect(throws: SourceError.self) {
      try MarianConfigurationTests.read(MarianConfigurationTests.opus(), generation: generation)
    }
    let found = try #require(error).description
    #expect(found.contains(message), "\(found)")
  }

  @Test func refusesADuplicateKey() throws {
    let error = #expect(throws: SourceError.self) {
      try MarianConfigurationTests.read(#"{"d_model": 512, "d_model": 256}"#)
    }
    #expect(error?.description.hasSuffix("the key \"d_model\" appears twice") == true)
  }
}
