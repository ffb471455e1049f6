import SwiftletModelFile
import SwiftletSources

/// What an encoder alone is for.
enum EncoderTask: Equatable {
  /// Its states are the result.
  case states
  /// A vector for a text, as `modules.json` of sentence-transformers says.
  case sentence
  /// A class for a text.
  case sequenceClasses
  /// A class for each token.
  case tokenClasses
  /// A token for each place.
  case maskedTokens
}

/// What comes after the encoder, and the tensors of it that a `modules.json` brings.
struct SentenceHead {
  var head: EncoderHead
  var tensors: [TensorName: ImportedTensor]
  var longest: Int?
}

extension HuggingFaceSource {
  /// The task that the class of the checkpoint has: `BertForMaskedLM`; with `modules.json`, sentences.
  func encoderTask(_ sentence: SentenceHead?) throws(SourceError) -> EncoderTask {
    if sentence != nil { return .sentence }
    let name = className
    if name.isEmpty || name.hasSuffix("Model") { return .states }
    if name.hasSuffix("ForSequenceClassification") { return .sequenceClasses }
    if name.hasSuffix("ForTokenClassification") { return .tokenClasses }
    if name.hasSuffix("ForMaskedLM") || name.hasSuffix("ForPreTraining") { return .maskedTokens }
    throw config.error(
      .unsupported(
        key: "architectures", value: "\"\(name)\"",
        supported: "…Model, …ForSequenceClassification, …ForTokenClassification, …ForMaskedLM"))
  }

  /// Fills in the head of a task. `pooled` is what the family puts between states and the classes of a text:
  /// the first token's state, projected, and an activation.
  mutating func readHead(
    _ task: EncoderTask, _ sentence: SentenceHead?, pooled: Architecture.Activation,
    masked: Architecture.Activation
  ) throws(SourceError) {
    switch task {
    case .states: break
    case .sentence: if let sentence { architecture.head = sentence.head }
    case .sequenceClasses:
      architecture.head.pooling = .first
      architecture.head.projectionWidth = architecture.width
      architecture.head.activation = pooled
      try readClasses()
    case .tokenClasses: try readClasses()
    case .maskedTokens:
      architecture.head.predictsTokens = true
      architecture.head.activation = masked
    }
    if let longest = sentence?.longest { architecture.positions = min(architecture.positions, longest) }
  }

  /// `id2label`: every class has a name.
  private mutating func readClasses() throws(SourceError) {
    let count: Int
    var labels: [String?] = []
    if case .object(let names) = config.value("id2label") {
      count = names.members.count
      labels = (0..<count).map { id in
        if case .string(let name) = names["\(id)"] { return name }
        return nil
      }
    } else {
      count = try config.integer("num_labels", within: 1...1_000_000) ?? 2
      labels = (0..<count).map { "LABEL_\($0)" }
    }
    architecture.head.classes = count
    for (id, label) in labels.enumerated() {
      guard let label, !label.contains(where: \.isNewline) else {
        throw config.error(
          .unsupported(
            key: "id2label", value: "\(id): \(label.map { "\"\($0)\"" } ?? "nothing")",
            supported: "a name in one line for each class from 0 on"))
      }
      metadata.append(("label-\(id)", label))
    }
    guard count > 0 else {
      throw config.error(.unsupported(key: "id2label", value: "{}", supported: "one class or more"))
    }
    if let problem = try config.text("problem_type") { metadata.append(("problem-type", problem)) }
  }

  /// The measures that BERT's relatives have under the same keys, and post-norm layers.
  mutating func readEncoder() throws(SourceError) {
    architecture.sharesEmbeddings = true
    architecture.normalizesEmbeddings = true
    architecture.width = try config.requiredInteger("hidden_size", within: 1...65_536)
    architecture.encoderLayers = try config.requiredInteger("num_hidden_layers", within: 1...1024)
    architecture.encoderFeedForward = try config.requiredInteger("intermediate_size", within: 1...65_536)
    try readVocabulary()
    try readHeads("num_attention_heads", widthKey: "hidden_size")
    try readTiedTokens()
    architecture.normEpsilon = Float(try config.number("layer_norm_eps", within: 1e-12...1) ?? 1e-12)
    architecture.positionEncoding = .learned
    if let kind = try config.text("position_embedding_type"), kind != "absolute" {
      throw config.error(
        .unsupported(key: "position_embedding_type", value: "\"\(kind)\"", supported: "\"absolute\""))
    }
  }

  /// `tie_word_embeddings`, which counts where tokens are predicted.
  mutating func readTiedTokens() throws(SourceError) {
    guard try config.bool("tie_word_embeddings", default: true) || !className.hasSuffix("ForMaskedLM") else {
      throw config.error(.unsupported(key: "tie_word_embeddings", value: "false", supported: "true"))
    }
  }

  /// `vocab_size`, of both sides.
  mutating func readVocabulary() throws(SourceError) {
    let vocabulary = try config.requiredInteger("vocab_size", within: 2...4_000_000)
    architecture.sourceVocabulary = vocabulary
    architecture.targetVocabulary = vocabulary
  }

  /// The activations of BERT's relatives.
  static let encoderActivations = ["gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish"]
}
