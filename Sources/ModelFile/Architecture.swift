/// What a Transformer is made of: independent choices, not a family's name.
///
/// With layers in both stacks it is the Transformer of "Attention Is All You Need"; without layers in the decoder a
/// model that reads (BERT), without layers in the encoder one that writes (GPT). In the file: see
/// `Architecture+File.swift` and FORMAT.md.
public struct Architecture: Equatable, Sendable {
  /// The encoder's layers; 0 for a decoder alone.
  public var encoderLayers = 0
  /// The decoder's layers; 0 for an encoder alone.
  public var decoderLayers = 0
  /// The width of a token's vector (d_model).
  public var width = 0
  /// Attention heads (h), which have queries of their own.
  public var heads = 0
  /// Heads of keys and values: each serves `heads / keyValueHeads` neighbouring heads of queries (Ainslie and others,
  /// "GQA", 2023).
  public var keyValueHeads = 0
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
  /// The position of the first token, for sinusoids.
  public var firstPosition = 0
  /// How a token's place enters its vector.
  public var positionEncoding = PositionEncoding.halves
  /// How many dimensions of each head are rotated by the token's place, in pairs half that number apart; 0 for none (Su
  /// and others, "RoFormer", 2021).
  public var rotaryWidth = 0
  /// The largest distance that has a bias of attention of its own; 0 for no such biases (Raffel and others, "T5", 2020).
  public var relativeDistance = 0
  /// How many tokens, itself included, a decoder's token attends to; 0 for all before it.
  public var attentionWindow = 0
  /// What the product of a query and a key is multiplied by; 0 for 1 / √`headWidth`.
  public var attentionScale: Float = 0
  /// Which norm.
  public var normKind = NormKind.layer
  /// Where the norms stand.
  public var normPlacement = NormPlacement.post
  /// ε of the norms.
  public var normEpsilon: Float = 1e-5
  /// Whether a norm follows the embeddings.
  public var normalizesEmbeddings = false
  /// Whether a norm follows each stack's last layer.
  public var hasFinalNorm = false
  /// Whether attention and feed-forward network read the same states, and both results are added to them.
  public var isParallel = false
  /// The activation of the feed-forward networks.
  public var activation = Activation.relu
  /// Whether the activation multiplies a second projection: activation(x W₁) · (x V) (Shazeer, "GLU Variants Improve
  /// Transformer", 2020).
  public var isGated = false
  /// What embeddings are multiplied by.
  public var embeddingScale: Float = 1
  /// The width of embeddings that are projected to `width`; 0 where they have it themselves.
  public var embeddingWidth = 0
  /// Kinds of segments that have embeddings; 0 for none.
  public var segments = 0
  /// Whether source and target share one embedding table; always where there is one stack.
  public var sharesEmbeddings = false
  /// What an encoder alone makes of its states.
  public var head = EncoderHead()

  /// How a token's place enters its vector.
  public enum PositionEncoding: Int, Sendable, FileChoice {
    /// Sinusoids: all sines, then all cosines.
    case halves = 0
    /// Sinusoids by turns, as in the paper.
    case interleaved = 1
    /// A table of learned vectors.
    case learned = 2
    /// Not at all: places count in attention, or nowhere.
    case none = 3

    /// The case of the largest number.
    public static var highest: Self { .none }
  }

  /// The kinds of norms.
  public enum NormKind: Int, Sendable, FileChoice {
    /// (x − mean) / √(variance + ε) · gain + bias (Ba, Kiros and Hinton, 2016).
    case layer = 0
    /// x / √(mean of x² + ε) · gain (Zhang and Sennrich, 2019).
    case rootMeanSquare = 1

    /// The case of the largest number.
    public static var highest: Self { .rootMeanSquare }
  }

  /// Norms before each sublayer, or after each residual connection (as in the paper).
  public enum NormPlacement: Int, Sendable, FileChoice {
    /// Norm(x + Sublayer(x)).
    case post = 0
    /// x + Sublayer(Norm(x)).
    case pre = 1

    /// The case of the largest number.
    public static var highest: Self { .pre }
  }

  /// The functions between two projections.
  public enum Activation: Int, Sendable, FileChoice {
    /// x.
    case none = 0
    /// max(0, x).
    case relu = 1
    /// x · sigmoid(x), also called SiLU.
    case swish = 2
    /// x · Φ(x), by the error function.
    case gelu = 3
    /// x · Φ(x), by its approximation with tanh.
    case geluTanh = 4
    /// tanh x.
    case tanh = 5

    /// The case of the largest number.
    public static var highest: Self { .tanh }
  }

  /// An architecture without layers, to fill in.
  public init() {}

  /// The width of a query of all heads.
  public var attentionWidth: Int { heads * headWidth }
  /// The widest vector that a token or a text has outside of attention and feed-forward networks.
  public var widestState: Int { max(width, max(tableWidth, head.projectionWidth)) }
  /// The widest vector that any matrix meets, in whole groups: quantised inputs have as much room.
  public var widestInput: Int {
    (max(widestState, max(attentionWidth, max(encoderFeedForward, decoderFeedForward))) + 63) & -64
  }
  /// Whether a matrix of so many inputs may have them in two parts: where they fit the room of the widest.
  public func refinesInputs(ofColumns columns: Int) -> Bool { 2 * ((columns + 63) & -64) <= widestInput }
  /// The width of a key or value of all heads.
  public var keyValueWidth: Int { keyValueHeads * headWidth }
  /// Whether a decoder attends to an encoder.
  public var hasCrossAttention: Bool { encoderLayers > 0 && decoderLayers > 0 }
  /// Whether there is a projection to the vocabulary.
  public var hasOutput: Bool { decoderLayers > 0 || head.predictsTokens }
  /// Whether positions are sinusoids.
  public var hasSinusoids: Bool { positionEncoding == .halves || positionEncoding == .interleaved }
  /// The width of a row of the embedding tables.
  public var tableWidth: Int { embeddingWidth == 0 ? width : embeddingWidth }
  /// Rows of a norm's tensor: gain and bias, or gain alone.
  public var normRows: Int { normKind == .layer ? 2 : 1 }
  /// What the product of a query and a key is multiplied by.
  public var queryScale: Float { attentionScale == 0 ? 1 / Float(headWidth).squareRoot() : attentionScale }
}

/// What an encoder without a decoder makes of its last states, in this order: pooling, projection, activation, norm,
/// classes.
public struct EncoderHead: Equatable, Sendable {
  /// How the states become one vector.
  public var pooling = Pooling.none
  /// The width that the pooled vector (or each state, without pooling) is projected to; 0 for no projection.
  public var projectionWidth = 0
  /// The activation after the projection.
  public var activation = Architecture.Activation.none
  /// Whether the pooled vector is scaled to length 1.
  public var isNormalized = false
  /// How many classes there are, of the text or without pooling of each token; 0 for no classification.
  public var classes = 0
  /// Whether each state predicts its token: projection to the embeddings' width, activation, norm, output.
  public var predictsTokens = false

  /// Whether states or their pool are projected.
  public var hasProjection: Bool { projectionWidth > 0 || predictsTokens }

  /// How states become one vector.
  public enum Pooling: Int, Sendable, FileChoice {
    /// They don't.
    case none = 0
    /// Their mean.
    case mean = 1
    /// The first token's.
    case first = 2
    /// The last token's.
    case last = 3
    /// The largest in each dimension.
    case maximum = 4

    /// The case of the largest number.
    public static var highest: Self { .maximum }
  }

  /// No head: states are the result.
  public init() {}
}

/// An enumeration of 0, 1, … that a word of the file stands for. (`allCases` would be an array, which allocates.)
public protocol FileChoice: RawRepresentable where RawValue == Int {
  /// The case of the largest number.
  static var highest: Self { get }
}
