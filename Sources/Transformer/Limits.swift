/// What a run is planned for.
public struct Limits: Equatable, Sendable {
  /// The longest source, in tokens with the end token.
  public let source: Int
  /// The longest target, in tokens with the end token.
  public let target: Int
  /// How many sentences are decoded together.
  public let batch: Int
  /// How many sequences of a sentence are decoded together: the beams of a search.
  public let beams: Int
  /// How many tokens a decoding step reads, of all sequences together.
  public let rows: Int
  /// After how many of them a step scores the next token.
  public let scoredRows: Int
  /// How many threads share the work.
  public let threads: Int

  /// How many sequences are decoded together: each has a slot.
  public var slots: Int { batch * beams }

  /// Limits of `source` and `target` tokens, for `batch` sentences of `beams` sequences together on `threads` threads.
  ///
  /// - Parameters:
  ///   - rows: How many tokens a decoding step reads; by default, and at least, one of each sequence.
  ///   - scoredRows: How many of them are scored; by default, and at least, one of each sequence.
  public init(
    source: Int, target: Int, batch: Int = 1, beams: Int = 1, rows: Int = 0, scoredRows: Int = 0,
    threads: Int = 1
  ) {
    self.source = source
    self.target = target
    self.batch = batch
    self.beams = beams
    self.scoredRows = max(scoredRows, batch * beams)
    self.rows = max(rows, max(scoredRows, batch * beams))
    self.threads = threads
  }
}
