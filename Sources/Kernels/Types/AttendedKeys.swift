/// Which tokens of a cache a query attends to, and what is added to their scores.
public struct AttendedKeys: BitwiseCopyable, @unchecked Sendable {
  /// The first of them.
  public let first: Int
  /// How many tokens there are before the end, those before `first` included; more than `first`.
  public let end: Int
  /// Biases of the distances from the query to a key, −`distance` … `distance`, as a pointer to that of distance 0; what
  /// is farther has those of the ends. nil for none.
  public let biases: UnsafePointer<Float>?
  /// The largest distance with a bias of its own.
  public let distance: Int
  /// The query's own position.
  public let position: Int

  /// The tokens `first` to `end` − 1, with the biases of a query at `position`.
  @inlinable
  public init(
    first: Int = 0, end: Int, biases: UnsafePointer<Float>? = nil, distance: Int = 0, position: Int = 0
  ) {
    self.first = first
    self.end = end
    self.biases = biases
    self.distance = distance
    self.position = position
  }
}
