/// The tiles of 16 rows of a weight matrix that a product computes: a part of all of them, or of a list.
///
/// Threads split a product by ranges of tiles; a vocabulary shortlist is a list of tiles. (A block of 4 inputs of
/// a tile is one cache line, so one row costs as much memory traffic as its whole tile.)
@safe public struct TileSelection: @unchecked Sendable {
  /// Where the results go: rows 16·place … 16·place + 15 of each token's output.
  public let places: Range<Int>
  /// The tiles' numbers, by place, each below the matrix's count of tiles; nil where place and number agree.
  public let list: UnsafePointer<UInt32>?

  /// The tiles whose numbers are `places`, or stand in `list` at `places`.
  @inlinable
  public init(_ places: Range<Int>, of list: UnsafePointer<UInt32>? = nil) {
    self.places = places
    unsafe self.list = list
  }

  /// The number of the tile at `place`.
  @inlinable
  public subscript(place: Int) -> Int {
    guard let list = unsafe list else { return place }
    return unsafe Int(truncatingIfNeeded: list[place])
  }
}
