import SwiftletModelFile

/// One text in progress: a source, where the model reads one, and the target so far.
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
  /// - Parameters:
  ///   - ids: the source's tokens, its end token included.
  ///   - segments: the kind of segment of each; empty for kind 0.
  public func encoderStates(_ ids: [Int], segments: [Int] = []) throws(ReferenceError) -> EncoderStates {
    let architecture = model.architecture
    guard architecture.encoderLayers > 0 else { throw .noEncoder }
    try check(ids, vocabulary: architecture.sourceVocabulary, before: 0)
    try check(segments, architecture, count: ids.count)
    let embedded = model.embed(ids, segments: segments, from: 0, model.encoder)
    var states = embedded
    var layers: [[Float]] = []
    for layer in model.encoder.layers {
      var memory = FloatMemory(width: architecture.keyValueWidth)
      states = layer(states, own: &memory, source: nil, model.rotaryFrequencies, model.encoder.visibility)
      layers.append(states.values)
    }
    let output = model.encoder.finalNorm?(states) ?? states
    return EncoderStates(embedded: embedded.values, layers: layers, output: output.values)
  }

  /// Runs the encoder and begins a new target.
  ///
  /// - Returns: the encoder's states: see `EncoderStates`.
  @discardableResult
  public mutating func encode(_ ids: [Int]) throws(ReferenceError) -> EncoderStates {
    let states = try encoderStates(ids)
    let output = FloatMatrix(rows: ids.count, columns: model.architecture.width, values: states.output)
    source = model.decoder.layers.compactMap { $0.cross?.memory(output) }
    begin()
    return states
  }

  /// Begins a new target of the same source, or a new text of a decoder alone.
  public mutating func begin() {
    own = model.decoder.layers.map { _ in FloatMemory(width: model.architecture.keyValueWidth) }
    position = 0
  }

  /// Reads the next target token and scores the one after it. The first one to read is the start token.
  public mutating func decode(_ previous: Int) throws(ReferenceError) -> Step {
    let (logits, layers) = try decode(block: [previous])
    return Step(logits: logits.values, layers: layers.map(\.values))
  }

  /// Reads tokens at once, and scores the one after each: what `decode` gives for one after the other.
  public mutating func read(_ ids: [Int]) throws(ReferenceError) -> [Step] {
    let (logits, layers) = try decode(block: ids)
    return ids.indices.map { row in Step(logits: logits.row(row), layers: layers.map { $0.row(row) }) }
  }

  /// Reads tokens at once: the logits after each (tokens × vocabulary), and each layer's states (tokens × width).
  mutating func decode(
    block ids: [Int]
  ) throws(ReferenceError) -> (logits: FloatMatrix, layers: [FloatMatrix]) {
    let architecture = model.architecture
    guard architecture.decoderLayers > 0 else { throw .noDecoder }
    guard !source.isEmpty || !architecture.hasCrossAttention else { throw .noSource }
    if own.isEmpty { begin() }
    try check(ids, vocabulary: architecture.targetVocabulary, before: position)
    var states = model.embed(ids, from: position, model.decoder)
    var layers: [FloatMatrix] = []
    for (index, layer) in model.decoder.layers.enumerated() {
      states = layer(
        states, own: &own[index], source: source.isEmpty ? nil : source[index], model.rotaryFrequencies,
        model.decoder.visibility)
      layers.append(states)
    }
    position += ids.count
    return (model.logits(model.decoder.finalNorm?(states) ?? states), layers)
  }

  private func check(_ ids: [Int], vocabulary: Int, before: Int) throws(ReferenceError) {
    let positions = model.architecture.positions
    guard !ids.isEmpty else { throw .empty }
    guard ids.count <= positions - before else {
      throw .tooLong(tokens: before + ids.count, positions: positions)
    }
    if let index = ids.firstIndex(where: { !(0..<vocabulary).contains($0) }) {
      throw .token(id: ids[index], index: index, vocabulary: vocabulary)
    }
  }

  private func check(_ segments: [Int], _ architecture: Architecture, count: Int) throws(ReferenceError) {
    guard !segments.isEmpty else { return }
    let kinds = architecture.segments
    guard segments.count == count, segments.allSatisfy({ (0..<kinds).contains($0) }) else {
      throw .segments(count: segments.count, tokens: count, kinds: kinds)
    }
  }
}
