/// Some queries of one head, which attend to the same cache, and where their results go.
///
/// Keys and values are made floats once for all of them.
@safe public struct AttendingQueries: BitwiseCopyable, @unchecked Sendable {
  /// The most that go together.
  public static var most: Int { 8 }

  /// The first query: `width` floats.
  public let queries: UnsafePointer<Float>
  /// The floats from one query to the next.
  public let stride: Int
  /// How many there are: 1 to `most`.
  public let count: Int
  /// The first result: `width` floats.
  public let output: UnsafeMutablePointer<Float>
  /// The floats from one result to the next.
  public let outputStride: Int

  /// `count` queries.
  @inlinable
  public init(
    _ queries: UnsafePointer<Float>, stride: Int = 0, count: Int = 1,
    into output: UnsafeMutablePointer<Float>,
    outputStride: Int = 0
  ) {
    unsafe self.queries = queries
    self.stride = stride
    self.count = count
    unsafe self.output = output
    self.outputStride = outputStride
  }

  /// A query.
  @inlinable
  @inline(__always)
  public subscript(index: Int) -> UnsafePointer<Float> { unsafe queries + index &* stride }

  /// Where a query's result goes.
  @inlinable
  @inline(__always)
  public func result(_ index: Int) -> UnsafeMutablePointer<Float> { unsafe output + index &* outputStride }
}

/// The scratch of attention, in floats: a page of keys or values, one query's factors for its tokens, each query's
/// result so far, and each query's weights.
public enum AttentionScratch {
  /// Its size for queries of `width` floats that attend to at most `tokens` tokens.
  @inlinable
  public static func count(width: Int, tokens: Int, queries: Int) -> Int {
    weights(width: width, queries: queries) &+ queries &* roundUp(tokens, to: tokensPerPage)
  }

  /// Where the factors begin.
  @inlinable
  public static func factors(width: Int) -> Int { tokensPerPage &* roundUp(width, to: 16) }

  /// Where the results begin, each rounded up to 16.
  @inlinable
  public static func results(width: Int) -> Int { factors(width: width) &+ tokensPerPage }

  /// Where the first query's weights begin: those of the tokens from the first one's page on.
  @inlinable
  public static func weights(width: Int, queries: Int) -> Int {
    results(width: width) &+ queries &* roundUp(width, to: 16)
  }
}
