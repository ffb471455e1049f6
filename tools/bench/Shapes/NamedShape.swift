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
  public static let all: [NamedShape] = [.base, .student, .minilm, .stories15M, .stories110M]

  /// The base model of "Attention Is All You Need", table 3, with a vocabulary of 32,000.
  public static let base = NamedShape(
    name: "base", summary: "the paper's base model",
    architecture: architecture(layers: (6, 6), width: 512, feedForward: 2048, vocabulary: 32_000))

  /// A student as distilled for translation on small machines: a deep encoder, a shallow decoder.
  public static let student = NamedShape(
    name: "student", summary: "a distilled translation model",
    architecture: architecture(layers: (6, 2), width: 256, feedForward: 1536, vocabulary: 32_000))

  /// The sentence encoder all-MiniLM-L6-v2: a BERT of 6 layers, whose states' mean has length 1.
  public static let minilm: NamedShape = {
    var a = architecture(layers: (6, 0), width: 384, feedForward: 1536, vocabulary: 30_522)
    a.heads = 12
    a.keyValueHeads = 12
    a.headWidth = 32
    a.positionEncoding = .learned
    a.activation = .gelu
    a.normEpsilon = 1e-12
    a.normalizesEmbeddings = true
    a.embeddingScale = 1
    a.segments = 2
    a.head.pooling = .mean
    a.head.isNormalized = true
    return NamedShape(name: "minilm", summary: "a small sentence encoder", architecture: a)
  }()

  /// The Llama of llama2.c's stories15M.
  public static let stories15M = NamedShape(
    name: "stories15M", summary: "a Llama of 15 M parameters",
    architecture: llama(layers: 6, width: 288, heads: 6, feedForward: 768, positions: 256))

  /// The Llama of llama2.c's stories110M.
  public static let stories110M = NamedShape(
    name: "stories110M", summary: "a Llama of 110 M parameters",
    architecture: llama(layers: 12, width: 768, heads: 12, feedForward: 2048, positions: 1024))

  /// A decoder as Llama 2: rotary positions, root mean square norms before each sublayer, gated swish, 32,000 tokens.
  static func llama(layers: Int, width: Int, heads: Int, feedForward: Int, positions: Int) -> Architecture {
    var a = architecture(layers: (0, layers), width: width, feedForward: feedForward, vocabulary: 32_000)
    a.heads = heads
    a.keyValueHeads = heads
    a.headWidth = width / heads
    a.positions = positions
    a.positionEncoding = .none
    a.rotaryWidth = a.headWidth
    a.normKind = .rootMeanSquare
    a.normPlacement = .pre
    a.hasFinalNorm = true
    a.activation = .swish
    a.isGated = true
    a.embeddingScale = 1
    return a
  }

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
