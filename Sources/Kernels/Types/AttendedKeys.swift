/// Which tokens of a cache queries attend to, and what is added to their scores.
@safe public struct AttendedKeys: BitwiseCopyable, @unchecked Sendable {
  /// The first query's own position.
  public let position: Int
  /// How many tokens there are before the first query's end, those that are too far included.
  @usableFromInline let firstEnd: Int
  /// Whether each query after the first attends to one token more, as each knows what was before it.
  @usableFromInline let isCausal: Bool
  /// How many tokens, itself included, a query attends to; 0 for all.
  @usableFromInline let window: Int
  /// Biases of the distances from the query to a key, −`distance` … `distance`, as a pointer to that of distance 0; what
  /// is farther has those of the ends. nil for none.
  public let biases: UnsafePointer<Float>?
  /// The largest distance with a bias of its own.
  public let distance: Int

  /// The tokens before `end`, for a query at `position`, and for those after it.
  @inlinable
  public init(
    end: Int, isCausal: Bool = false, window: Int = 0, biases: UnsafePointer<Float>? = nil, distance: Int = 0,
    position: Int = 0
  ) {
    firstEnd = end
    self.isCausal = isCausal
    self.window = window
    unsafe self.biases = biases
    self.distance = distance
    self.position = position
  }

  /// The first token that a query attends to.
  @inlinable
  @inline(__always)
  public func first(query: Int) -> Int {
    let first = position &+ query &+ 1 &- window
    return window == 0 || first < 0 ? 0 : first
  }

  /// How many tokens there are before a query's end, those before `first` included.
  @inlinable
  @inline(__always)
  public func end(query: Int) -> Int { isCausal ? firstEnd &+ query : firstEnd }
}
