/// Reads one JSON object whose values are whole numbers, and nothing else.
struct VocabularyReader {
  let bytes: [UInt8]
  private var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  struct Entry {
    let text: TokenText
    let id: Int
    /// Where the text starts.
    let offset: Int
  }

  mutating func entries() throws(VocabularyError) -> [Entry] {
    var entries: [Entry] = []
    try expect("{")
    skipSpace()
    if peek() == UInt8(ascii: "}") {
      at += 1
    } else {
      repeat {
        skipSpace()
        guard entries.count < SourceLimits.tokens else { throw .tooManyTokens(limit: SourceLimits.tokens) }
        let offset = at
        let text = try string()
        try expect(":")
        entries.append(Entry(text: text, id: try number(), offset: offset))
      } while try goesOn()
    }
    skipSpace()
    guard at == bytes.count else { throw .malformed(expected: "the end", at: at) }
    return entries
  }

  private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(VocabularyError) {
    skipSpace()
    guard peek() == UInt8(ascii: character) else { throw .malformed(expected: "'\(character)'", at: at) }
    at += 1
  }

  /// After an entry: takes `,` (true) or `}` (false).
  private mutating func goesOn() throws(VocabularyError) -> Bool {
    skipSpace()
    guard let byte = peek(), byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else {
      throw .malformed(expected: "',' or '}'", at: at)
    }
    at += 1
    return byte == UInt8(ascii: ",")
  }

  private mutating func number() throws(VocabularyError) -> Int {
    skipSpace()
    let start = at
    if peek() == UInt8(ascii: "-") { throw .negativeID(at: start) }
    var value = 0
    while let byte = peek(), (0x30...0x39).contains(byte) {
      value = value * 10 + Int(byte - 0x30)
      guard value < 1 << 31 else { throw .idTooLarge(at: start) }
      at += 1
    }
    let hasLeadingZero = at - start > 1 && bytes[start] == 0x30
    guard at > start, !hasLeadingZero, ![0x2E, 0x45, 0x65].contains(peek() ?? 0) else {
      throw .malformed(expected: "a whole number", at: start)
    }
    return value
  }

  private mutating func string() throws(VocabularyError) -> TokenText {
    let start = at
    guard peek() == 0x22 else { throw .malformed(expected: "a text in double quotes", at: at) }
    at += 1
    var text: [UInt8] = []
    while let byte = peek() {
      switch byte {
      case 0x22:
        at += 1
        guard String(validating: text, as: UTF8.self) != nil else { throw .notUTF8(at: start) }
        return TokenText(bytes: text)
      case 0x5C:
        text += Array(String(try escape()).utf8)
      case 0..<0x20:
        throw .malformed(expected: "an escaped control character", at: at)
      default:
        text.append(byte)
        at += 1
      }
    }
    throw .malformed(expected: "the end of the text that starts at byte \(start)", at: at)
  }

  private mutating func escape() throws(VocabularyError) -> Character {
    let start = at
    at += 1
    guard let byte = peek() else { throw .badEscape(at: start) }
    at += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: return Character(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try scalar(start))
    default: throw .badEscape(at: start)
    }
  }

  private mutating func scalar(_ start: Int) throws(VocabularyError) -> Unicode.Scalar {
    var value = try hexadecimal(start)
    if (0xD800..<0xDC00).contains(value) {
      guard bytes[at...].starts(with: [0x5C, 0x75]) else { throw .badEscape(at: start) }
      at += 2
      let low = try hexadecimal(start)
      guard (0xDC00..<0xE000).contains(low) else { throw .badEscape(at: start) }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw .badEscape(at: start) }
    return scalar
  }

  private mutating func hexadecimal(_ start: Int) throws(VocabularyError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw .badEscape(at: start)
      }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }
}
