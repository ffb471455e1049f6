/// Keys and values of one head as int8, with a scale and a middle for each token: x ≈ scale · q + middle, where the
/// middle is scale · zero point.
///
/// They lie in pages of 16 tokens. A table says which pages hold the tokens 0 to 15, 16 to 31 and so on, so that
/// sequences which begin alike can share pages. One head's part of a page:
/// - Factors: `[4][16]` floats: scales of keys, middles of keys, scales of values, middles of values.
/// - Keys: `[width][16]` (tokens innermost: one vector holds a dimension of 16 tokens).
/// - Values: `[16][paddedWidth]`, paddedWidth = width rounded up to 16.
@safe public struct HeadCache: BitwiseCopyable, @unchecked Sendable {
  /// The head's dimension.
  public let width: Int
  /// This head's part of page 0.
  public let start: UnsafeMutableRawPointer
  /// The bytes from one page to the next.
  public let stride: Int
  /// The numbers of the pages, in the order of their tokens.
  public let table: UnsafePointer<UInt32>

  /// A view of one head's cache; see the type for the layout.
  @inlinable
  public init(width: Int, start: UnsafeMutableRawPointer, stride: Int, table: UnsafePointer<UInt32>) {
    self.width = width
    unsafe self.start = start
    self.stride = stride
    unsafe self.table = table
  }

  /// `width` rounded up to 16.
  @inlinable public var paddedWidth: Int { roundUp(width, to: 16) }

  /// The cache without its first pages.
  @inlinable
  @inline(__always)
  public func skipping(pages: Int) -> HeadCache {
    unsafe HeadCache(width: width, start: start, stride: stride, table: table + pages)
  }

  /// The bytes of one head's part of a page.
  @inlinable
  public static func partBytes(width: Int) -> Int {
    roundUp(4 &* tokensPerPage &* 4 &+ tokensPerPage &* (width &+ roundUp(width, to: 16)), to: 64)
  }

  /// The factors of the page at `place` of the table.
  @inlinable
  @inline(__always)
  public func factors(_ place: Int) -> UnsafeMutablePointer<Float> {
    unsafe (start + Int(truncatingIfNeeded: table[place]) &* stride).assumingMemoryBound(to: Float.self)
  }

  /// The quantised keys of the page at `place` of the table.
  @inlinable
  @inline(__always)
  public func keys(_ place: Int) -> UnsafeMutablePointer<Int8> {
    unsafe (start + (Int(truncatingIfNeeded: table[place]) &* stride &+ 16 &* tokensPerPage))
      .assumingMemoryBound(to: Int8.self)
  }

  /// The quantised values of the page at `place` of the table.
  @inlinable
  @inline(__always)
  public func values(_ place: Int) -> UnsafeMutablePointer<Int8> {
    unsafe keys(place) + tokensPerPage &* width
  }
}

/// The tokens of a page of keys and values: the lanes of a vector.
public let tokensPerPage = 16
