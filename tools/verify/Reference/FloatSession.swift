import SwiftletSources

/// One translation in progress: a source, and the target so far.
///
/// A session is a value: a copy goes its own way, as a beam does.
public struct FloatSession: Sendable {
  /// The model; shared.
  public let model: FloatModel
  /// How many target tokens were read since the source was given.
  public private(set) var position = 0
  private var own: [FloatMemory] = []
  private var source: [FloatMemory] = []

  /// A session without a source.
  public init(_ model: FloatModel) { self.model = model }

  /// The states after each layer of the encoder, and its result.
  public struct EncoderStates: Equatable, Sendable {
    /// The embeddings with positions, as the first layer reads them: tokens × width.
    public let embedded: [Float]
    /// After each layer: tokens × width.
    public let layers: [[Float]]
    /// What the decoder looks at: the last layer's states, normalised if the model does so. Tokens × width.
    public let output: [Float]
  }

  /// What one step of the decoder gives.
  public struct Step: Equatable, Sendable {
    /// Scores of all tokens, before any suppression.
    public let logits: [Float]
    /// The state after each layer: width numbers each.
    public let layers: [[Float]]
    /// Natural logarithms of the probabilities of all tokens, before any suppression.
    public var logProbabilities: [Float] { logSoftmax(logits) }
  }

  /// Runs the encoder.
  ///
  /// - Parameter ids: the source's tokens, its end token included.
  public func encoderStates(_ ids: [Int]) throws(ReferenceError) -> EncoderStates {
    let configuration = model.configuration
    try check(ids, vocabulary: configuration.sourceVocabulary, before: 0)
    let embedded = model.embed(ids, from: 0, model.encoderEmbedding, model.encoderEmbeddingNorm)
    var states = embedded
    var layers: [[Float]] = []
    for layer in model.encoderLayers {
      states = layer(states)
      layers.append(states.values)
    }
    let output = model.encoderFinalNorm?(states) ?? states
    return EncoderStates(embedded: embedded.values, layers: layers, output: output.values)
  }

  /// Runs the encoder and begins a new target.
  ///
  /// - Returns: the encoder's states: see `EncoderStates`.
  @discardableResult
  public mutating func encode(_ ids: [Int]) throws(ReferenceError) -> EncoderStates {
    let states = try encoderStates(ids)
    let width = model.configuration.width
    let output = FloatMatrix(rows: ids.count, columns: width, values: states.output)
    source = model.decoderLayers.map { layer in
      var memory = FloatMemory(width: width)
      layer.crossAttention.remember(output, in: &memory)
      return memory
    }
    own = model.decoderLayers.map { _ in FloatMemory(width: width) }
    position = 0
    return states
  }

  /// Reads the next target token and scores the one after it. The first one to read is `startID`.
  public mutating func decode(_ previous: Int) throws(ReferenceError) -> Step {
    let (logits, layers) = try decode(block: [previous])
    return Step(logits: logits.values, layers: layers.map(\.values))
  }

  /// Reads tokens at once: the logits after each (tokens × vocabulary), and each layer's states (tokens × width).
  mutating func decode(
    block ids: [Int]
  ) throws(ReferenceError) -> (logits: FloatMatrix, layers: [FloatMatrix]) {
    let configuration = model.configuration
    guard !source.isEmpty else { throw .noSource }
    try check(ids, vocabulary: configuration.targetVocabulary, before: position)
    var states = model.embed(ids, from: position, model.decoderEmbedding, model.decoderEmbeddingNorm)
    var layers: [FloatMatrix] = []
    for (index, layer) in model.decoderLayers.enumerated() {
      states = layer(states, own: &own[index], source: source[index])
      layers.append(states)
    }
    position += ids.count
    let output = model.decoderFinalNorm?(states) ?? states
    var logits = product(output, model.projection, outputs: configuration.targetVocabulary)
    for row in 0..<logits.rows {
      for column in 0..<logits.columns {
        logits.values[row * logits.columns + column] += model.finalLogitsBias[column]
      }
    }
    return (logits, layers)
  }

  private func check(_ ids: [Int], vocabulary: Int, before: Int) throws(ReferenceError) {
    let positions = model.configuration.maximumPositions
    guard !ids.isEmpty else { throw .empty }
    guard ids.count <= positions - before else {
      throw .tooLong(tokens: before + ids.count, positions: positions)
    }
    if let index = ids.firstIndex(where: { !(0..<vocabulary).contains($0) }) {
      throw .token(id: ids[index], index: index, vocabulary: vocabulary)
    }
  }
}
