/// What a Transformer is made of: independent choices, not a family's name.
///
/// In the file: 32 little-endian words, in the order of the properties; see FORMAT.md.
public struct Architecture: Equatable, Sendable {
  /// The encoder's layers.
  public var encoderLayers = 0
  /// The decoder's layers.
  public var decoderLayers = 0
  /// The width of a token's vector (d_model).
  public var width = 0
  /// Attention heads (h).
  public var heads = 0
  /// The width of a head (d_k = d_v).
  public var headWidth = 0
  /// The inner width of the encoder's feed-forward networks (d_ff).
  public var encoderFeedForward = 0
  /// The inner width of the decoder's feed-forward networks.
  public var decoderFeedForward = 0
  /// The count of source tokens.
  public var sourceVocabulary = 0
  /// The count of target tokens.
  public var targetVocabulary = 0
  /// The longest source and target, in tokens.
  public var positions = 0
  /// The position of the first token: 0, or 1.
  public var firstPosition = 0
  /// Where the norms stand.
  public var normPlacement = NormPlacement.post
  /// The activation of the feed-forward networks.
  public var activation = Activation.relu
  /// The layout of sinusoidal positions.
  public var positionLayout = PositionLayout.halves
  /// What embeddings are multiplied by.
  public var embeddingScale: Float = 1
  /// ε of the norms.
  public var normEpsilon: Float = 1e-5
  /// Whether source and target share one embedding table.
  public var sharesEmbeddings = false
  /// Whether a norm follows the embeddings.
  public var normalizesEmbeddings = false
  /// Whether a norm follows each stack's last layer.
  public var hasFinalNorm = false

  /// Norms before each sublayer, or after each residual connection (as in the paper).
  public enum NormPlacement: Int, Sendable {
    /// LayerNorm(x + Sublayer(x)).
    case post = 0
    /// x + Sublayer(LayerNorm(x)).
    case pre = 1
  }

  /// The activation between the two projections of a feed-forward network.
  public enum Activation: Int, Sendable {
    /// max(0, x).
    case relu = 1
    /// x · sigmoid(x), also called SiLU.
    case swish = 2
  }

  /// How sines and cosines of positions lie in a vector.
  public enum PositionLayout: Int, Sendable {
    /// All sines, then all cosines.
    case halves = 0
    /// By turns, as in the paper.
    case interleaved = 1
  }

  /// An architecture without layers, to fill in.
  public init() {}

  /// The width of a query, key or value of all heads.
  public var attentionWidth: Int { heads * headWidth }
}

extension Architecture {
  /// The size of the section in bytes.
  public static let byteCount = 128

  /// Reads and checks the section, which has `byteCount` bytes.
  init(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(ModelFileError) {
    var reader = FieldReader(bytes: bytes, place: place)
    encoderLayers = try reader.next("encoder layers", 1...1024)
    decoderLayers = try reader.next("decoder layers", 1...1024)
    width = try reader.next("width", 1...65_536)
    heads = try reader.next("heads", 1...1024)
    headWidth = try reader.next("head width", 1...4096)
    // Σ (q + zero point) w over the inputs of a matrix is exact in 32 bits up to 2³¹ / (254 · 127) = 66,572 inputs.
    guard attentionWidth <= 65_536 else {
      throw .field("heads times head width", value: attentionWidth, least: 1, most: 65_536)
    }
    encoderFeedForward = try reader.next("encoder feed-forward width", 1...65_536)
    decoderFeedForward = try reader.next("decoder feed-forward width", 1...65_536)
    sourceVocabulary = try reader.next("source vocabulary", 1...4_000_000)
    targetVocabulary = try reader.next("target vocabulary", 1...4_000_000)
    positions = try reader.next("positions", 1...8192)
    firstPosition = try reader.next("first position", 0...1)
    normPlacement = try reader.next("norm placement", 0...1) == 0 ? .post : .pre
    activation = try reader.next("activation", 1...2) == 1 ? .relu : .swish
    positionLayout = try reader.next("position layout", 0...1) == 0 ? .halves : .interleaved
    embeddingScale = try reader.nextFloat("embedding scale", 1e-6...1e6)
    normEpsilon = try reader.nextFloat("norm epsilon", 1e-12...1)
    sharesEmbeddings = try reader.next("shared embeddings", 0...1) == 1
    normalizesEmbeddings = try reader.next("embedding norm", 0...1) == 1
    hasFinalNorm = try reader.next("final norm", 0...1) == 1
    try reader.expectZeros(to: Self.byteCount)
    if sharesEmbeddings && sourceVocabulary != targetVocabulary {
      throw .field(
        "target vocabulary", value: targetVocabulary, least: sourceVocabulary, most: sourceVocabulary)
    }
  }

  /// The section's words, for the writer.
  public var words: InlineArray<32, UInt32> {
    var words = InlineArray<32, UInt32>(repeating: 0)
    words[0] = UInt32(encoderLayers)
    words[1] = UInt32(decoderLayers)
    words[2] = UInt32(width)
    words[3] = UInt32(heads)
    words[4] = UInt32(headWidth)
    words[5] = UInt32(encoderFeedForward)
    words[6] = UInt32(decoderFeedForward)
    words[7] = UInt32(sourceVocabulary)
    words[8] = UInt32(targetVocabulary)
    words[9] = UInt32(positions)
    words[10] = UInt32(firstPosition)
    words[11] = UInt32(normPlacement.rawValue)
    words[12] = UInt32(activation.rawValue)
    words[13] = UInt32(positionLayout.rawValue)
    words[14] = embeddingScale.bitPattern
    words[15] = normEpsilon.bitPattern
    words[16] = sharesEmbeddings ? 1 : 0
    words[17] = normalizesEmbeddings ? 1 : 0
    words[18] = hasFinalNorm ? 1 : 0
    return words
  }
}
