import SwiftletPlatform

/// What the model's makers set for decoding.
public struct DecodingDefaults: Sendable {
  /// The token that decoding starts from.
  public var startToken = 0
  /// The most tokens of a target, the end token included.
  public var maximumTokens = 1
  /// The token that is chosen first, if one is forced: a target language, say.
  public var firstToken: Int?
  /// How many hypotheses a beam search keeps; 1 is greedy.
  public var beams = 1
  /// A hypothesis' log-probability is divided by its length to this power.
  public var lengthPenalty: Float = 1
  /// Whether a beam search ends as soon as it has as many finished hypotheses as beams.
  public var stopsEarly = false
  /// How many tokens end a target: 1 or more where there is a decoder.
  public private(set) var endCount = 0
  /// How many tokens are never chosen.
  public private(set) var suppressedCount = 0
  private var ends = InlineArray<8, UInt32>(repeating: 0)
  private var suppressed = InlineArray<32, UInt32>(repeating: 0)

  /// The size of the section in bytes: 8 words, then 8 end tokens and 32 suppressed ones.
  public static let byteCount = 4 * (8 + 8 + 32)
  /// The most tokens that can end a target.
  public static let maximumEnds = 8
  /// The most tokens that can be suppressed.
  public static let maximumSuppressed = 32

  /// Settings to fill in.
  public init() {}

  /// A token that ends a target; `index` is below `endCount`.
  public func endToken(_ index: Int) -> Int { Int(truncatingIfNeeded: ends[index]) }

  /// The first of the tokens that end a target.
  public var endToken: Int { endToken(0) }

  /// Adds a token that ends a target. There must be fewer than 8.
  public mutating func end(with token: Int) {
    ends[endCount] = UInt32(truncatingIfNeeded: token)
    endCount += 1
  }

  /// A token that is never chosen; `index` is below `suppressedCount`.
  public func suppressedToken(_ index: Int) -> Int { Int(truncatingIfNeeded: suppressed[index]) }

  /// Adds a token that is never chosen. There must be fewer than 32.
  public mutating func suppress(_ token: Int) {
    suppressed[suppressedCount] = UInt32(truncatingIfNeeded: token)
    suppressedCount += 1
  }

  init(_ bytes: UnsafeRawBufferPointer, at place: Int, architecture: Architecture) throws(ModelFileError) {
    var reader = unsafe FieldReader(bytes: bytes, place: place)
    let vocabulary = architecture.targetVocabulary
    let tokens = 0...(vocabulary - 1)
    startToken = try reader.next("start token", tokens)
    maximumTokens = try reader.next("maximum of tokens", 1...architecture.positions)
    let first = try reader.next("forced first token", 0...vocabulary)
    firstToken = first == 0 ? nil : first - 1
    beams = try reader.next("beams", 1...64)
    lengthPenalty = try reader.nextFloat("length penalty", -100...100)
    stopsEarly = try reader.next("early stopping", 0...1) == 1
    let endCount = try reader.next(
      "end tokens", (architecture.decoderLayers > 0 ? 1 : 0)...Self.maximumEnds)
    let suppressedCount = try reader.next("suppressed tokens", 0...Self.maximumSuppressed)
    for _ in 0..<endCount { end(with: try reader.next("end token", tokens)) }
    try reader.expectZeros(to: 4 * 16)
    for _ in 0..<suppressedCount { suppress(try reader.next("suppressed token", tokens)) }
    try reader.expectZeros(to: Self.byteCount)
  }

  /// The section's words, for the writer.
  public var words: InlineArray<48, UInt32> {
    var words = InlineArray<48, UInt32>(repeating: 0)
    words[0] = UInt32(truncatingIfNeeded: startToken)
    words[1] = UInt32(truncatingIfNeeded: maximumTokens)
    words[2] = UInt32(truncatingIfNeeded: firstToken.map { $0 + 1 } ?? 0)
    words[3] = UInt32(truncatingIfNeeded: beams)
    words[4] = lengthPenalty.bitPattern
    words[5] = stopsEarly ? 1 : 0
    words[6] = UInt32(truncatingIfNeeded: endCount)
    words[7] = UInt32(truncatingIfNeeded: suppressedCount)
    for index in 0..<endCount { words[8 + index] = ends[index] }
    for index in 0..<suppressedCount { words[16 + index] = suppressed[index] }
    return words
  }
}
