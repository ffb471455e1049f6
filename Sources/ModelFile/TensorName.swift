import SwiftletPlatform

/// A stack of layers, or what both share.
public enum Stack: UInt16, Sendable {
  /// Embeddings, positions, output.
  case shared = 0
  /// The encoder.
  case encoder = 1
  /// The decoder.
  case decoder = 2
}

/// What a tensor is for.
public enum TensorPart: UInt16, Sendable {
  /// Source (or shared) token embeddings: vocabulary × table width.
  case sourceEmbedding = 0
  /// Target token embeddings, where they are not the source's.
  case targetEmbedding = 1
  /// Frequencies of the sinusoidal positions: ⌈width / 2⌉ floats.
  case positionFrequencies = 2
  /// The projection to the vocabulary: vocabulary × table width. May lie in the embeddings' bytes.
  case output = 3
  /// The norm right after a stack's embeddings.
  case embeddingNorm = 4
  /// The norm after a stack's last layer.
  case finalNorm = 5
  /// Query, key and value projections of self-attention, one above the other.
  case selfQueryKeyValue = 6
  /// The output projection of self-attention.
  case selfOutput = 7
  /// The norm of self-attention's sublayer.
  case selfNorm = 8
  /// The query projection of encoder-decoder attention.
  case crossQuery = 9
  /// Key and value projections of encoder-decoder attention, one above the other.
  case crossKeyValue = 10
  /// The output projection of encoder-decoder attention.
  case crossOutput = 11
  /// The norm of encoder-decoder attention's sublayer.
  case crossNorm = 12
  /// The first projection of the feed-forward network; with a gate the activated one above the other.
  case feedForwardIn = 13
  /// Its second projection.
  case feedForwardOut = 14
  /// The norm of the feed-forward sublayer.
  case feedForwardNorm = 15
  /// A stack's learned positions: positions × width.
  case positionEmbedding = 16
  /// A stack's biases of attention: for each head, those of the distances −D … D from query to key.
  case relativeBias = 17
  /// Frequencies of the rotary positions: rotary width / 2 floats.
  case rotaryFrequencies = 18
  /// Embeddings of the kinds of segments: segments × width floats.
  case segmentEmbedding = 19
  /// The projection of embeddings: width × table width.
  case embeddingProjection = 20
  /// The projection of an encoder's head.
  case headProjection = 21
  /// The norm of an encoder's head that predicts tokens.
  case headNorm = 22
  /// The classes' projection of an encoder's head.
  case classifier = 23
}

/// The runtime's own name of a tensor, whatever the model's family: `decoder.2.cross-query`.
public struct TensorName: Equatable, Sendable, Describable {
  /// The stack that it belongs to.
  public let stack: Stack
  // 16 bits, as in a file: errors carry names.
  private let layerNumber: UInt16
  /// What it is for.
  public let part: TensorPart

  /// A name.
  public init(_ stack: Stack, layer: Int = 0, _ part: TensorPart) {
    self.stack = stack
    layerNumber = UInt16(truncatingIfNeeded: layer)
    self.part = part
  }

  /// The layer, from 0; 0 where there are no layers.
  public var layer: Int { Int(layerNumber) }

  private var hasLayer: Bool {
    part.rawValue >= TensorPart.selfQueryKeyValue.rawValue
      && part.rawValue <= TensorPart.feedForwardNorm.rawValue
  }

  /// Writes the name.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch stack {
    case .shared: break
    case .encoder: sink.write("encoder.")
    case .decoder: sink.write("decoder.")
    }
    if hasLayer {
      sink.write(layer)
      sink.write(".")
    }
    sink.write(part.text)
  }
}

extension TensorPart {
  /// The part's name.
  public var text: StaticText {
    switch self {
    case .sourceEmbedding: "source-embedding"
    case .targetEmbedding: "target-embedding"
    case .positionFrequencies: "position-frequencies"
    case .output: "output"
    case .embeddingNorm: "embedding-norm"
    case .finalNorm: "final-norm"
    case .selfQueryKeyValue: "self-query-key-value"
    case .selfOutput: "self-output"
    case .selfNorm: "self-norm"
    case .crossQuery: "cross-query"
    case .crossKeyValue: "cross-key-value"
    case .crossOutput: "cross-output"
    case .crossNorm: "cross-norm"
    case .feedForwardIn: "feed-forward-in"
    case .feedForwardOut: "feed-forward-out"
    case .feedForwardNorm: "feed-forward-norm"
    case .positionEmbedding: "position-embedding"
    case .relativeBias: "relative-bias"
    case .rotaryFrequencies: "rotary-frequencies"
    case .segmentEmbedding: "segment-embedding"
    case .embeddingProjection: "embedding-projection"
    case .headProjection: "head-projection"
    case .headNorm: "head-norm"
    case .classifier: "classifier"
    }
  }
}
