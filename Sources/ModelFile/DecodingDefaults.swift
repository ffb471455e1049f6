/// What the model's makers set for decoding.
public struct DecodingDefaults: Sendable {
  /// The token that decoding starts from.
  public var startToken = 0
  /// The token that ends a sentence, on both sides.
  public var endToken = 0
  /// The most tokens of a target, the end token included.
  public var maximumTokens = 0
  /// How many tokens are never chosen.
  public internal(set) var suppressedCount = 0
  private var suppressed = InlineArray<32, UInt32>(repeating: 0)

  /// The size of the section in bytes: four words, then 32 suppressed tokens.
  public static let byteCount = 4 * (4 + 32)
  /// The most tokens that can be suppressed.
  public static let maximumSuppressed = 32

  /// Settings to fill in.
  public init() {}

  /// A token that is never chosen; `index` is below `suppressedCount`.
  public func suppressedToken(_ index: Int) -> Int { Int(truncatingIfNeeded: suppressed[index]) }

  /// Adds a token that is never chosen. There must be fewer than 32.
  public mutating func suppress(_ token: Int) {
    suppressed[suppressedCount] = UInt32(token)
    suppressedCount += 1
  }

  init(_ bytes: UnsafeRawBufferPointer, at place: Int, architecture: Architecture) throws(ModelFileError) {
    var reader = FieldReader(bytes: bytes, place: place)
    let tokens = 0...(architecture.targetVocabulary - 1)
    startToken = try reader.next("start token", tokens)
    endToken = try reader.next(
      "end token", 0...(min(architecture.targetVocabulary, architecture.sourceVocabulary) - 1))
    maximumTokens = try reader.next("maximum of tokens", 1...architecture.positions)
    let count = try reader.next("suppressed tokens", 0...Self.maximumSuppressed)
    for _ in 0..<count { suppress(try reader.next("suppressed token", tokens)) }
    try reader.expectZeros(to: Self.byteCount)
  }

  /// The section's words, for the writer.
  public var words: InlineArray<36, UInt32> {
    var words = InlineArray<36, UInt32>(repeating: 0)
    words[0] = UInt32(startToken)
    words[1] = UInt32(endToken)
    words[2] = UInt32(maximumTokens)
    words[3] = UInt32(suppressedCount)
    for index in 0..<suppressedCount { words[4 + index] = suppressed[index] }
    return words
  }
}
