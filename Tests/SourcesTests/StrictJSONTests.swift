import SwiftletSources
import Testing

@Suite struct StrictJSONTests {
  @Test func readsEveryKind() throws {
    let value = try StrictJSON(
      text:
        #" { "n": null, "t": true, "f": false, "i": -12, "d": 1.5e2, "s": "\u00e9\ud83d\ude00\n", "a": [1, []] } "#
    )
    guard case .object(let object) = value else { Issue.record("not an object"); return }
    #expect(object["n"] == .null)
    #expect(object["t"] == .bool(true))
    #expect(object["f"] == .bool(false))
    #expect(object["i"] == .integer(-12))
    #expect(object["d"] == .number(150))
    #expect(object["s"] == .string("é😀\n"))
    #expect(object["a"] == .array([.integer(1), .array([])]))
    #expect(object["missing"] == nil)
    #expect(object.members.map(\.key) == ["n", "t", "f", "i", "d", "s", "a"])
  }

  @Test func keysAreBytes() throws {
    // Composed and decomposed é: one String to Swift, two names in a file.
    guard case .object(let object) = try StrictJSON(text: "{\"\u{E9}\": 1, \"e\u{301}\": 2}") else { return }
    #expect(object.members.count == 2)
    #expect(object["\u{E9}"] == .integer(1))
    #expect(object["e\u{301}"] == .integer(2))
  }

  @Test(arguments: [
    ("", 0, JSONError.Problem.unexpectedEnd), ("[1", 2, .unexpectedEnd), ("\"a", 2, .unexpectedEnd),
    ("1 2", 2, .trailingBytes), ("{\"a\":1,\"a\":2}", 7, .duplicateKey("a")),
    ("{\"\":1,\"\":2}", 6, .duplicateKey("")), ("01", 0, .invalidNumber), ("-", 0, .invalidNumber),
    ("1.", 2, .invalidNumber), ("1e", 2, .invalidNumber), ("1e999", 0, .invalidNumber),
    ("\"\\x\"", 1, .invalidEscape), ("\"\\ud800\"", 1, .invalidEscape), ("\"\\udc00\"", 1, .invalidEscape),
    ("\"\\ud800\\u0041\"", 1, .invalidEscape), ("\"\\u12G4\"", 5, .invalidEscape),
    ("[1,]", 3, .unexpectedByte(0x5D, expected: "a value")),
    ("{\"a\":1,}", 7, .unexpectedByte(0x7D, expected: "a key in quotes")),
    ("{\"a\" 1}", 5, .unexpectedByte(0x31, expected: "':'")),
    ("[1 2]", 3, .unexpectedByte(0x32, expected: "',' or ']'")),
    ("NaN", 0, .unexpectedByte(0x4E, expected: "a value")),
    ("nul", 3, .unexpectedEnd), ("trux", 3, .unexpectedByte(0x78, expected: "true")),
    ("\"a\nb\"", 2, .unexpectedByte(0x0A, expected: "no control character in a string")),
    (String(repeating: "[", count: 100_000), 64, .tooDeep(limit: 64)),
  ])
  func refuses(_ text: String, _ offset: Int, _ problem: JSONError.Problem) {
    let error = #expect(throws: JSONError.self) { try StrictJSON(text: text) }
    #expect(error == JSONError(problem: problem, offset: offset))
  }

  @Test func refusesTextThatIsNotUTF8() {
    for bytes: [UInt8] in [[0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22]] {
      let error = #expect(throws: JSONError.self) { try bytes.withUnsafeBytes { try StrictJSON($0) } }
      #expect(error?.problem == .invalidUTF8)
    }
  }

  @Test func largeIntegersBecomeNumbers() throws {
    #expect(try StrictJSON(text: "9223372036854775807") == .integer(.max))
    #expect(try StrictJSON(text: "1000000000000000019884624838656") == .number(1e30))
    #expect(try StrictJSON(text: "512.0").wholeNumber == 512)
    #expect(try StrictJSON(text: "1e300").wholeNumber == nil)
  }
}
