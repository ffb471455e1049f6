import SourcesTestSupport
import SwiftletFamilies
import SwiftletSources
import Testing

/// What the runtime would not honour is refused by name, whatever the family.
@Suite struct RefusalTests {
  /// The golden's directory with one text of `config.json` replaced.
  private func refusal(_ golden: String, _ old: String, _ new: String, file: String = "config.json") throws
    -> String
  {
    let directory = try TemporaryDirectory()
    try FamilyGolden(golden).write(to: directory, replacing: old, with: new, in: file)
    do {
      let model = try ModelImporter.load(directory.path)
      return "accepted \(model.notes)"
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    (
      "llama-linear", "\"rope_type\": \"linear\"", "\"rope_type\": \"yarn\"",
      "rope_type \"yarn\" is not supported"
    ),
    (
      "llama-linear", "\"rope_type\": \"linear\"", "\"rope_type\": \"dynamic\"",
      "only \"default\", \"linear\", \"llama3\""
    ),
    ("llama-linear", "\"factor\": 2.0", "\"factor\": 0", "rope_scaling.factor 0 is not a positive number"),
    (
      "qwen2-window", "\"sliding_attention\",", "\"full_attention\",",
      "sliding_window 4 in 1 of 2 layers is not supported"
    ),
    (
      "qwen2", "\"hidden_act\": \"silu\"", "\"hidden_act\": \"relu6\"",
      "hidden_act \"relu6\" is not supported"
    ),
    ("llama", "\"hidden_size\": 16", "\"hidden_size\": 16, \"mystery\": 3", "mystery 3 is not known"),
    (
      "llama", "\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3", "num_key_value_heads 3 contradicts"
    ),
    ("llama", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1", "belongs to no part of the model"),
    ("llama", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "model.layers.2"),
    ("bert", "\"BertModel\"", "\"BertForQuestionAnswering\"", "architectures \"BertForQuestionAnswering\""),
    ("bert", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"mish\"", "hidden_act \"mish\" is not supported"),
    ("bert-classes", "\"1\": \"LABEL_1\"", "\"7\": \"LABEL_1\"", "id2label 1: nothing is not supported"),
    ("bart", "\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false", "tie_word_embeddings false"),
    (
      "albert", "\"num_hidden_groups\": 1", "\"num_hidden_groups\": 2", "num_hidden_groups 2 is not supported"
    ),
    (
      "gpt2", "\"scale_attn_by_inverse_layer_idx\": false", "\"scale_attn_by_inverse_layer_idx\": true",
      "scale_attn_by_inverse_layer_idx true is not supported"
    ),
    ("t5-gated", "\"gated-gelu\"", "\"gated-relu\"", "feed_forward_proj \"gated-relu\" is not supported"),
    ("m2m100", "\"is_encoder_decoder\": true", "\"is_encoder_decoder\": false", "is_encoder_decoder false"),
  ])
  func namesTheKey(_ golden: String, _ old: String, _ new: String, _ message: String) throws {
    let found = try refusal(golden, old, new)
    #expect(found.contains(message), "\(found)")
  }

  @Test func modulesOfSentencesAreRefusedByName() throws {
    let types = "sentence_transformers.models."
    #expect(
      try refusal("sentence-mean", "\(types)Normalize", "\(types)LSTM", file: "modules.json")
        .contains("a module LSTM in this place is not supported"))
    #expect(
      try refusal("sentence-mean", "\(types)Pooling", "\(types)CNN", file: "modules.json")
        .contains("not Transformer, Pooling and what follows"))
    #expect(
      try refusal("sentence-mean", "\"1_Pooling\"", "\"../1_Pooling\"", file: "modules.json")
        .contains("no path below the directory"))
    #expect(
      try refusal(
        "sentence-mean", "\"pooling_mode_cls_token\": false", "\"pooling_mode_cls_token\": true",
        file: "1_Pooling/config.json"
      ).contains("is not supported (only one of cls, mean, max, lasttoken)"))
    #expect(
      try refusal(
        "sentence-cls-dense", "activation.Tanh", "activation.Softplus", file: "2_Dense/config.json"
      ).contains("activation_function \"torch.nn.modules.activation.Softplus\" is not supported"))
  }

  @Test func longContextsAreCutWithANote() throws {
    #expect(
      try refusal("llama", "\"max_position_embeddings\": 32", "\"max_position_embeddings\": 131072")
        .contains("max_position_embeddings 131072: the model file has positions up to 65536"))
  }

  @Test(arguments: [
    ([0x50, 0x4B, 3, 4, 0, 0], "zip archive"), ([0x50], "no kind of model"), ([], "no kind of model"),
  ])
  func filesOfNoKindAreRefused(bytes: [UInt8], reason: String) throws {
    let path = try TemporaryDirectory().write(bytes, to: "translate-en_fr.argosmodel")
    let error = #expect(throws: SourceError.self) { try ModelImporter.load(path) }
    #expect("\(try #require(error))".contains(reason))
  }
}
