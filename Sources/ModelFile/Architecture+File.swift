import SwiftletPlatform

/// In the file: 64 little-endian words; see FORMAT.md.
extension Architecture {
  /// The size of the section in bytes.
  public static let byteCount = 256

  /// Reads and checks the section, which has `byteCount` bytes.
  ///
  /// - Parameter place: Where it lies in the file, for errors.
  /// - Throws: `ModelFileError` with the field, its value and its range.
  public init(_ bytes: UnsafeRawBufferPointer, at place: Int) throws(ModelFileError) {
    var reader = unsafe FieldReader(bytes: bytes, place: place)
    encoderLayers = try reader.next("encoder layers", 0...1024)
    decoderLayers = try reader.next("decoder layers", (encoderLayers == 0 ? 1 : 0)...1024)
    width = try reader.next("width", 1...65_536)
    heads = try reader.next("heads", 1...1024)
    headWidth = try reader.next("head width", 1...4096)
    // Σ (q + zero point) w over the inputs of a matrix is exact in 32 bits up to 2³¹ / (254 · 127) = 66,572 inputs.
    guard attentionWidth <= 65_536 else {
      throw .field("heads times head width", value: attentionWidth, most: 65_536, least: 1)
    }
    encoderFeedForward = try reader.next("encoder feed-forward width", 0...65_536)
    decoderFeedForward = try reader.next("decoder feed-forward width", 0...65_536)
    sourceVocabulary = try reader.next("source vocabulary", 1...4_000_000)
    targetVocabulary = try reader.next("target vocabulary", 1...4_000_000)
    positions = try reader.next("positions", 1...65_536)
    firstPosition = try reader.next("first position", 0...65_536)
    normPlacement = try reader.next("norm placement")
    activation = try reader.next("activation")
    positionEncoding = try reader.next("position encoding")
    embeddingScale = try reader.nextFloat("embedding scale", 1e-6...1e6)
    normEpsilon = try reader.nextFloat("norm epsilon", 1e-12...1)
    sharesEmbeddings = try reader.nextFlag("shared embeddings")
    normalizesEmbeddings = try reader.nextFlag("embedding norm")
    hasFinalNorm = try reader.nextFlag("final norm")
    keyValueHeads = try reader.next("key and value heads", 1...heads)
    rotaryWidth = try reader.next("rotary width", 0...headWidth)
    relativeDistance = try reader.next("relative distance", 0...65_536)
    attentionWindow = try reader.next("attention window", 0...65_536)
    attentionScale = try reader.nextFloat("attention scale", 0...1e6)
    normKind = try reader.next("norm kind")
    isParallel = try reader.nextFlag("parallel sublayers")
    isGated = try reader.nextFlag("gated feed-forward")
    embeddingWidth = try reader.next("embedding width", 0...65_536)
    segments = try reader.next("segments", 0...256)
    head.pooling = try reader.next("pooling")
    head.projectionWidth = try reader.next("projection width", 0...65_536)
    head.activation = try reader.next("head activation")
    head.isNormalized = try reader.nextFlag("normalised result")
    head.classes = try reader.next("classes", 0...1_000_000)
    head.predictsTokens = try reader.nextFlag("token prediction")
    try reader.expectZeros(to: Self.byteCount)
    try checkAgreement()
  }

  /// Checks the choices against each other.
  private func checkAgreement() throws(ModelFileError) {
    @inline(never)
    func require(_ name: StaticText, _ value: Int, _ range: ClosedRange<Int>) throws(ModelFileError) {
      guard range.contains(value) else {
        throw .field(name, value: value, most: range.upperBound, least: Int32(range.lowerBound))
      }
    }
    if sharesEmbeddings {
      try require("target vocabulary", targetVocabulary, sourceVocabulary...sourceVocabulary)
    }
    if !hasCrossAttention { try require("shared embeddings", sharesEmbeddings ? 1 : 0, 1...1) }
    if encoderLayers > 0 { try require("encoder feed-forward width", encoderFeedForward, 1...65_536) }
    if decoderLayers > 0 {
      try require("decoder feed-forward width", decoderFeedForward, 1...65_536)
      let hasHead = head != EncoderHead()
      try require("an encoder's head beside a decoder", hasHead ? 1 : 0, 0...0)
    }
    try require("heads for each head of keys", heads % keyValueHeads, 0...0)
    try require("rotary width, which is even", rotaryWidth % 2, 0...0)
    if hasSinusoids { try require("first and last position", firstPosition + positions, 1...65_536) }
    if isGated { try require("activation of a gate", activation.rawValue, 1...Activation.highest.rawValue) }
    if isParallel { try require("norm placement of parallel sublayers", normPlacement.rawValue, 1...1) }
  }

  /// The section's words, for the writer.
  public var words: InlineArray<64, UInt32> {
    var words = InlineArray<64, UInt32>(repeating: 0)
    var place = 0
    func add(_ value: Int) {
      words[place] = UInt32(truncatingIfNeeded: value)
      place += 1
    }
    func add(_ value: Float) {
      words[place] = value.bitPattern
      place += 1
    }
    func add(_ value: Bool) { add(value ? 1 : 0) }
    add(encoderLayers)
    add(decoderLayers)
    add(width)
    add(heads)
    add(headWidth)
    add(encoderFeedForward)
    add(decoderFeedForward)
    add(sourceVocabulary)
    add(targetVocabulary)
    add(positions)
    add(firstPosition)
    add(normPlacement.rawValue)
    add(activation.rawValue)
    add(positionEncoding.rawValue)
    add(embeddingScale)
    add(normEpsilon)
    add(sharesEmbeddings)
    add(normalizesEmbeddings)
    add(hasFinalNorm)
    add(keyValueHeads)
    add(rotaryWidth)
    add(relativeDistance)
    add(attentionWindow)
    add(attentionScale)
    add(normKind.rawValue)
    add(isParallel)
    add(isGated)
    add(embeddingWidth)
    add(segments)
    add(head.pooling.rawValue)
    add(head.projectionWidth)
    add(head.activation.rawValue)
    add(head.isNormalized)
    add(head.classes)
    add(head.predictsTokens)
    return words
  }
}

extension FieldReader {
  /// The next word as a case whose raw value it is.
  fileprivate mutating func next<Choice: FileChoice>(_ name: StaticText) throws(ModelFileError) -> Choice {
    // Every number up to the highest is a case.
    Choice(rawValue: try next(name, 0...Choice.highest.rawValue)) ?? .highest
  }

  /// The next word, which is 0 or 1.
  @inline(never)
  fileprivate mutating func nextFlag(_ name: StaticText) throws(ModelFileError) -> Bool {
    try next(name, 0...1) == 1
  }
}
