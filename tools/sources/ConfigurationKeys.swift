/// What to make of the keys of a configuration that carry no choice of ours.
package struct ConfigurationKeys: Sendable {
  /// Keys that can't change what inference computes, whatever their value.
  package let harmless: Set<String>
  /// Keys that could, with the values that don't.
  package let neutral: [String: [StrictJSON]]

  /// The choices of a table.
  package init(harmless: Set<String>, neutral: [String: [StrictJSON]] = [:]) {
    self.harmless = harmless
    self.neutral = neutral
  }

  /// `tokenizer_config.json`.
  static let tokenizer = ConfigurationKeys(
    harmless: bookkeeping.union([
      "special_tokens_map_file", "tokenizer_file", "additional_special_tokens", "extra_special_tokens",
      "added_tokens_decoder", "return_tensors", "clean_up_tokenization_spaces", "use_fast", "vocab_file",
      "source_spm", "target_spm", "vocab", "target_vocab_file", "max_length", "padding", "padding_side",
      "truncation", "truncation_side", "truncation_strategy", "stride", "pad_to_multiple_of",
      "pad_token_type_id",
      "model_input_names", "processor_class", "auto_map", "backend", "is_local", "local_files_only",
    ]),
    neutral: [
      "sp_model_kwargs": [.object(JSONObject())],
      "tokenizer_class": [.string("MarianTokenizer")],
      "split_special_tokens": [.bool(false)],
    ])

  /// Names, versions, and number formats of the files.
  package static let bookkeeping: Set<String> = [
    "architectures", "transformers_version", "name_or_path", "dtype", "torch_dtype", "torchscript",
    "use_bfloat16", "tf_legacy_loss", "use_cache", "cache_implementation", "cache_config",
    "chunk_size_feed_forward", "license", "author", "transformers.js_config",
  ]
}
