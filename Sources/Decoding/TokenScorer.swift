import SwiftletKernels

/// What a search takes its scores from: a model that reads tokens of several sequences, each in a slot, and scores the
/// token after the last of each. The int8 workspace is one, the float reference another.
public protocol TokenScorer: ~Copyable {
  /// How many tokens there are.
  var vocabulary: Int { get }
  /// The most tokens that `read` takes.
  var rows: Int { get }
  /// Whether there is something to decode from `source`.
  func hasSource(_ source: Int) -> Bool
  /// What decoding from `source` reads first, if it is not the same for all sources: the last token of a prompt.
  func startToken(_ source: Int) -> UInt32?
  /// Begins a sequence in `slot`, to be decoded from a source; what the slot held is gone.
  mutating func begin(_ slot: Int, source: Int)
  /// Lets `slot` go on from where `other` is; what the slot held is gone.
  mutating func fork(_ other: Int, into slot: Int)
  /// Reads one token, or several in their order, of each of some slots.
  ///
  /// - Parameter scoresAll: Whether each of them makes a row: of one slot's, at most `drafts` and one more. Else the last of
  ///   each slot does.
  mutating func read(_ ids: Span<UInt32>, slots: Span<UInt32>, scoresAll: Bool)
  /// How many tokens can be read that may be taken back; 0 where a scorer can't do that.
  var drafts: Int { get }
  /// Takes back the last `count` tokens that were read in a slot.
  mutating func takeBack(_ count: Int, slot: Int)
  /// The logits after the last token of the `row`th slot of those that were read, or after the `row`th token: `vocabulary`
  /// floats, valid until more is read.
  func logits(row: Int) -> UnsafePointer<Float>
  /// The likeliest of these, and its log-probability.
  func likeliest(row: Int) -> Choice
  /// Adds what the `row`th slot attended to when its last token was read: a weight for each source token.
  mutating func addSourceAttention(row: Int, to weights: UnsafeMutablePointer<Float>)
}

extension TokenScorer where Self: ~Copyable {
  /// Nothing: there is no source, or nobody knows.
  public mutating func addSourceAttention(row: Int, to weights: UnsafeMutablePointer<Float>) {}
}

extension TokenScorer where Self: ~Copyable {
  /// None: what was read stays.
  public var drafts: Int { 0 }
  /// Never called where there are no `drafts`.
  public mutating func takeBack(_ count: Int, slot: Int) { preconditionFailure("there are no drafts") }
}

extension TokenScorer where Self: ~Copyable {
  /// The same for all sources.
  public func startToken(_ source: Int) -> UInt32? { nil }
}
