/// What to make of the keys of a configuration that carry no choice of ours.
struct ConfigurationKeys {
  /// Keys that can't change what inference computes, whatever their value.
  let harmless: Set<String>
  /// Keys that could, with the values that don't.
  let neutral: [String: [StrictJSON]]

  /// `config.json` of Marian. Old files carry settings of decoding here, too.
  static let marian = ConfigurationKeys(
    harmless: training.union(bookkeeping).union(outputs).union([
      // Read by no version of the model: positions are static, so there are no extra rows; the bias of the logits
      // is added whenever the weights have one.
      "extra_pos_embeddings", "add_bias_logits",
      // Decoding starts with decoder_start_token_id.
      "bos_token_id", "sep_token_id", "unk_token_id",
      // Settings of a search that is not done: do_sample and num_beam_groups must be neutral.
      "top_k", "top_p", "temperature", "typical_p", "epsilon_cutoff", "eta_cutoff",
    ]),
    neutral: decoding.merging([
      "is_encoder_decoder": [.bool(true)],
      "is_decoder": [.bool(false)],
      "add_cross_attention": [.bool(false)],
      "tie_encoder_decoder": [.bool(false)],
      "do_blenderbot_90_layernorm": [.bool(false)],
      "force_bos_token_to_be_generated": [.bool(false)],
      "layer_norm_eps": [.number(1e-5)],
      "pruned_heads": [.object(JSONObject())],
      "task_specific_params": [.object(JSONObject())],
      "prefix": [.string("")],
      "tokenizer_class": [.string("MarianTokenizer")],
    ]) { first, _ in first })

  /// `generation_config.json`.
  static let generation = ConfigurationKeys(
    harmless: marian.harmless, neutral: decoding)

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

  private static let training: Set<String> = [
    "activation_dropout", "attention_dropout", "dropout", "encoder_layerdrop", "decoder_layerdrop",
    "classif_dropout", "classifier_dropout", "init_std", "initializer_range", "gradient_checkpointing",
    "id2label", "label2id", "num_labels", "problem_type", "finetuning_task",
  ]

  private static let bookkeeping: Set<String> = [
    "architectures", "transformers_version", "name_or_path", "dtype", "torch_dtype", "torchscript",
    "use_bfloat16", "tf_legacy_loss", "use_cache", "cache_implementation", "cache_config",
    "chunk_size_feed_forward", "license", "author",
  ]

  private static let outputs: Set<String> = [
    "output_attentions", "output_hidden_states", "output_past", "output_scores", "output_logits",
    "return_dict", "return_dict_in_generate", "num_return_sequences",
  ]

  /// Settings of decoding that a greedy or a beam search has, with the values that leave it plain.
  private static let decoding: [String: [StrictJSON]] = [
    "do_sample": [.bool(false)],
    "early_stopping": [.bool(false)],
    "length_penalty": [.number(1)],
    "repetition_penalty": [.number(1)],
    "encoder_repetition_penalty": [.number(1)],
    "diversity_penalty": [.number(0)],
    "penalty_alpha": [.number(0)],
    "guidance_scale": [.number(1)],
    "num_beam_groups": [.integer(1)],
    "no_repeat_ngram_size": [.integer(0)],
    "encoder_no_repeat_ngram_size": [.integer(0)],
    "min_length": [.integer(0)],
    "min_new_tokens": [.integer(0)],
    "remove_invalid_values": [.bool(false)],
    "use_mirostat": [.bool(false)],
    "begin_suppress_tokens": [.array([])],
    "forced_decoder_ids": [.array([])],
    "sequence_bias": [.array([]), .object(JSONObject())],
    "constraints": [.array([])],
    "force_words_ids": [.array([])],
    "stop_strings": [.array([])],
  ]
}
