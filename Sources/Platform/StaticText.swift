/// A text of the program itself, as a pointer: UTF-8 that ends in a zero.
///
/// A `StaticString` is three words. Errors carry texts, and with one word for each they are returned in registers.
@safe public struct StaticText: ExpressibleByStringLiteral, BitwiseCopyable, @unchecked Sendable {
  /// The first byte.
  public let start: UnsafePointer<UInt8>

  /// A literal. It has no zero inside.
  @inlinable @inline(__always)
  public init(stringLiteral text: StaticString) { unsafe start = text.utf8Start }

  /// The bytes, without the zero.
  ///
  /// - Complexity: O(bytes).
  public var bytes: UnsafeRawBufferPointer { unsafe terminatedBytes(start) }
}

/// The bytes before the first zero.
@inline(never)
public func terminatedBytes(_ start: UnsafePointer<UInt8>) -> UnsafeRawBufferPointer {
  var count = 0
  while unsafe start[count] != 0 { count += 1 }
  return unsafe UnsafeRawBufferPointer(start: start, count: count)
}

#if !hasFeature(Embedded)
  extension StaticText: CustomStringConvertible {
    /// The text, for the host's tools and for tests.
    public var description: String { unsafe String(cString: start) }
  }
#endif
