/// Where and why a text is not strict JSON.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Equatable, Sendable {
    /// The text ends inside a value.
    case unexpectedEnd
    /// A byte that can't stand here.
    case unexpectedByte(UInt8, expected: String)
    /// Something follows the value.
    case trailingBytes
    /// Arrays and objects are nested more deeply than the reader allows.
    case tooDeep(limit: Int)
    /// There are more values than the reader allows.
    case tooManyValues(limit: Int)
    /// An object has the same key twice, compared byte by byte after unescaping.
    case duplicateKey(String)
    /// A string is not UTF-8.
    case invalidUTF8
    /// A backslash and something that JSON doesn't know, or half of a surrogate pair.
    case invalidEscape
    /// A number is malformed, or too large for a Double.
    case invalidNumber
  }

  /// What is wrong.
  public let problem: Problem
  /// Bytes before the place.
  public let offset: Int

  /// An error at a place.
  public init(problem: Problem, offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  /// One line with the byte offset.
  public var description: String { "not valid JSON at byte \(offset): \(reason)".oneLine }

  private var reason: String {
    switch problem {
    case .unexpectedEnd: "the text ends inside a value"
    case .unexpectedByte(let byte, let expected): "found \(Self.name(byte)), expected \(expected)"
    case .trailingBytes: "something follows the value"
    case .tooDeep(let limit): "nested more than \(limit) deep"
    case .tooManyValues(let limit): "more than \(limit) values"
    case .duplicateKey(let key): "the key \"\(key)\" appears twice"
    case .invalidUTF8: "a string is not UTF-8"
    case .invalidEscape: "invalid escape sequence in a string"
    case .invalidNumber: "malformed number"
    }
  }

  private static func name(_ byte: UInt8) -> String {
    (33...126).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
  }
}
