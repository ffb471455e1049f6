/// The best way to end a token at one byte of the normalised text: 8 bytes.
///
/// Scratch for ``UnigramTokenizer``: its content means nothing between calls.
@frozen
public struct LatticeNode: Sendable {
  /// The score of the best path that ends here.
  @usableFromInline var score: Float
  /// Entry in the upper 20 bits, the last token's length in bytes in the lower 12; length 0 says that nothing
  /// ends here yet.
  @usableFromInline var token: UInt32

  /// A node at which nothing ends.
  @inlinable
  public init() {
    score = 0
    token = 0
  }

  @inline(__always)
  init(score: Float, entry: UInt32, length: Int) {
    self.score = score
    self.token = entry &<< 12 | UInt32(truncatingIfNeeded: length)
  }

  @inline(__always) var length: Int { Int(truncatingIfNeeded: token & 0xFFF) }
  @inline(__always) var entry: UInt32 { token &>> 12 }

  /// The entry that marks an unknown character, and so the limit of the count of entries.
  static var unknown: UInt32 { 0xF_FFFF }
  /// The longest token in bytes.
  static var longest: Int { 0xFFF }
}
