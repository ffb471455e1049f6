/// A place of the scratch that encoding works in, one for each byte of normalised text and some more: 8 bytes.
///
/// Its content means nothing between calls. What it holds depends on the kind of tokenizer: for Unigram the best way
/// to end a token at this byte, for byte pairs the symbol that starts at this byte.
@frozen
public struct LatticeNode: Sendable {
  @usableFromInline var first: UInt32
  @usableFromInline var second: UInt32

  /// A node at which nothing ends or starts.
  @inlinable
  public init() {
    first = 0
    second = 0
  }

  @inline(__always)
  init(first: UInt32, second: UInt32) {
    self.first = first
    self.second = second
  }
}

/// For Unigram: the score of the best path that ends here; and the entry of its last token in the upper 20 bits, its
/// length in bytes in the lower 12. Length 0 says that nothing ends here yet.
extension LatticeNode {
  @inline(__always)
  init(score: Float, entry: UInt32, length: Int) {
    self.init(first: score.bitPattern, second: entry &<< 12 | UInt32(truncatingIfNeeded: length))
  }

  @inline(__always) var score: Float { Float(bitPattern: first) }
  @inline(__always) var length: Int { Int(truncatingIfNeeded: second & 0xFFF) }
  @inline(__always) var entry: UInt32 { second &>> 12 }

  /// The entry that marks an unknown character, and so the limit of the count of entries.
  static var unknown: UInt32 { 0xF_FFFF }
  /// The longest token in bytes.
  static var longest: Int { 0xFFF }
}
