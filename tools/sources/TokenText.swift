/// The text of a token: the same only if all bytes are.
///
/// Swift's `String` compares by canonical equivalence: "é" in one and in two code points are equal, and would share a
/// place in a dictionary. Tokens of these texts have different ids.
public struct TokenText: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The text in UTF-8.
  public let bytes: [UInt8]

  /// A text of these bytes.
  public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// The UTF-8 of `string`.
  public init(_ string: String) { bytes = Array(string.utf8) }

  /// The UTF-8 of a literal.
  public init(stringLiteral value: String) { self.init(value) }

  /// The text, for messages.
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  /// Orders by bytes.
  public static func < (left: TokenText, right: TokenText) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
