import SwiftletSources

extension ConfigurationKeys {
  /// `config.json` of a family that has `harmless` and `neutral` keys of its own besides those of all families.
  static func family(harmless own: Set<String> = [], neutral: [String: [StrictJSON]] = [:])
    -> ConfigurationKeys
  {
    ConfigurationKeys(
      harmless: own.union(training).union(bookkeeping).union(outputs).union(tokens),
      neutral: common.merging(neutral) { $1 })
  }

  /// `generation_config.json`.
  static let generation = ConfigurationKeys(
    harmless: training.union(bookkeeping).union(outputs).union(tokens), neutral: decoding)

  private static let training: Set<String> = [
    "activation_dropout", "attention_dropout", "dropout", "encoder_layerdrop", "decoder_layerdrop",
    "classif_dropout", "classifier_dropout", "init_std", "initializer_range", "gradient_checkpointing",
    "id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "initializer_factor",
    "hidden_dropout", "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout_prob",
    "dropout_rate", "embd_pdrop", "attn_pdrop", "resid_pdrop",
  ]

  private static let outputs: Set<String> = [
    "output_attentions", "output_hidden_states", "output_past", "output_scores", "output_logits",
    "return_dict", "return_dict_in_generate", "num_return_sequences",
  ]

  /// Tokens that the tokenizer's files decide about, and settings of samplings that are not done.
  private static let tokens: Set<String> = [
    "sep_token_id", "unk_token_id", "mask_token_id", "cls_token_id", "typical_p", "epsilon_cutoff",
    "eta_cutoff",
  ]

  private static let common = decoding.merging([
    "is_decoder": [.bool(false)], "add_cross_attention": [.bool(false)],
    "tie_encoder_decoder": [.bool(false)], "force_bos_token_to_be_generated": [.bool(false)],
    "pruned_heads": [.object(JSONObject())], "prefix": [.string("")], "is_encoder_decoder": [.bool(false)],
    "cross_attention_hidden_size": [],
  ]) { first, _ in first }

  /// Settings of decoding that would change what a plain search does, with the values that don't.
  private static let decoding: [String: [StrictJSON]] = [
    "diversity_penalty": [.number(0)], "penalty_alpha": [.number(0)], "guidance_scale": [.number(1)],
    "num_beam_groups": [.integer(1)], "remove_invalid_values": [.bool(false)], "use_mirostat": [.bool(false)],
    "begin_suppress_tokens": [.array([])], "forced_decoder_ids": [.array([])],
    "exponential_decay_length_penalty": [], "sequence_bias": [.array([]), .object(JSONObject())],
    "constraints": [.array([])], "force_words_ids": [.array([])], "stop_strings": [.array([])],
  ]
}
