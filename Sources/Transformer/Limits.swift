/// What a run is planned for.
public struct Limits: Equatable, Sendable {
  /// The longest source, in tokens with the end token.
  public let source: Int
  /// The longest target, in tokens with the end token.
  public let target: Int
  /// How many sentences are decoded together.
  public let batch: Int
  /// How many threads share the work.
  public let threads: Int

  /// Limits of `source` and `target` tokens, for `batch` sentences together on `threads` threads.
  public init(source: Int, target: Int, batch: Int = 1, threads: Int = 1) {
    self.source = source
    self.target = target
    self.batch = batch
    self.threads = threads
  }
}
