import SwiftletModelFile

/// The shape of a model that is measured without having been trained: what its matrices are, not what they say.
public struct NamedShape: Sendable {
  /// The name, as `--model` takes it.
  public let name: String
  /// Whose shape it is, in a few words.
  public let summary: String
  /// The model's parts. Source and target share one table of embeddings, and the projection to the vocabulary.
  public let architecture: Architecture

  /// A shape.
  public init(name: String, summary: String, architecture: Architecture) {
    self.name = name
    self.summary = summary
    self.architecture = architecture
  }

  /// All of them.
  public static let all: [NamedShape] = [.base, .student]

  /// The base model of "Attention Is All You Need", table 3, with a vocabulary of 32,000.
  public static let base = NamedShape(
    name: "base", summary: "the paper's base model",
    architecture: architecture(layers: (6, 6), width: 512, feedForward: 2048, vocabulary: 32_000))

  /// A student as distilled for translation on small machines: a deep encoder, a shallow decoder.
  public static let student = NamedShape(
    name: "student", summary: "a distilled translation model",
    architecture: architecture(layers: (6, 2), width: 256, feedForward: 1536, vocabulary: 32_000))

  /// An encoder-decoder as in the paper: 8 heads, norms after the residual connections, ReLU.
  static func architecture(
    layers: (encoder: Int, decoder: Int), width: Int, feedForward: Int, vocabulary: Int
  ) -> Architecture {
    var architecture = Architecture()
    architecture.encoderLayers = layers.encoder
    architecture.decoderLayers = layers.decoder
    architecture.width = width
    architecture.heads = 8
    architecture.keyValueHeads = 8
    architecture.headWidth = width / 8
    architecture.encoderFeedForward = feedForward
    architecture.decoderFeedForward = feedForward
    architecture.sourceVocabulary = vocabulary
    architecture.targetVocabulary = vocabulary
    architecture.positions = 512
    architecture.positionEncoding = .interleaved
    architecture.embeddingScale = Float(width).squareRoot()
    architecture.sharesEmbeddings = true
    return architecture
  }
}

extension Architecture {
  /// The lengths of all matrices in one word, `6+2-d256-h8-f1536-v32000`: layers of encoder and decoder, width, heads,
  /// inner width of the encoder's feed-forward networks, target vocabulary.
  public var dimensions: String {
    "\(encoderLayers)+\(decoderLayers)-d\(width)-h\(heads)-f\(encoderFeedForward)-v\(targetVocabulary)"
  }
}
