/// How much room the texts take that a translation is forced to or kept from: known before anything runs.
public struct ConstraintSizes: Sendable {
  /// The bytes of the forced prefix.
  public var prefixBytes = 0
  /// The bytes of all suppressed texts.
  public var suppressedBytes = 0
  /// How many suppressed texts there are.
  public var suppressedCount = 0
  /// The bytes of all stop texts.
  public var stopBytes = 0
  /// How many stop texts there are.
  public var stopCount = 0

  /// Whether only some tokens may be chosen.
  public var hasShortlist = false

  /// Whether alignments will be asked for.
  public var hasAlignment = false

  /// Whether unknown tokens become the source words that they belong to.
  public var replacesUnknown = false

  /// Whether maps of attention will be asked for.
  public var hasAttention = false

  /// Whether targets will be read once more.
  var readsAgain: Bool { aligns || hasAttention }

  /// Whether alignments will be computed.
  var aligns: Bool { hasAlignment || replacesUnknown }

  /// No texts.
  public init() {}
}
