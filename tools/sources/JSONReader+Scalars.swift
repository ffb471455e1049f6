/// Numbers and strings.
extension JSONReader {
  /// Reads a number of JSON's grammar: `-`? digits, fraction?, exponent?; no leading zeros.
  mutating func number() throws(JSONError) -> StrictJSON {
    let start = offset
    if unsafe bytes[offset] == UInt8(ascii: "-") { offset += 1 }
    let first = offset
    let digits = skipDigits()
    guard unsafe digits == 1 || (digits > 1 && bytes[first] != UInt8(ascii: "0")) else {
      throw JSONError(problem: .invalidNumber, offset: start)
    }
    let whole = offset
    if unsafe offset < bytes.count, unsafe bytes[offset] == UInt8(ascii: ".") {
      offset += 1
      guard skipDigits() > 0 else { throw error(.invalidNumber) }
    }
    if unsafe offset < bytes.count, unsafe bytes[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if unsafe offset < bytes.count, unsafe bytes[offset] == 0x2B || bytes[offset] == 0x2D { offset += 1 }
      guard skipDigits() > 0 else { throw error(.invalidNumber) }
    }
    let text = unsafe String(decoding: bytes[start..<offset], as: UTF8.self)
    if whole == offset, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(problem: .invalidNumber, offset: start)
    }
    return .number(value)
  }

  private mutating func skipDigits() -> Int {
    let start = offset
    while unsafe offset < bytes.count, unsafe (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset])
    {
      offset += 1
    }
    return offset - start
  }

  /// Reads a string, from its opening quote to its closing one.
  mutating func string() throws(JSONError) -> String {
    let start = offset
    offset += 1
    var text: [UInt8] = []
    while true {
      let byte = try peek()
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw JSONError(problem: .invalidUTF8, offset: start)
        }
        return string
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20:
        throw JSONError(
          problem: .unexpectedByte(byte, expected: "no control character in a string"), offset: offset - 1)
      default: text.append(byte)
      }
    }
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    let byte = try peek()
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Array(String(Character(try scalar())).utf8))
    default: throw JSONError(problem: .invalidEscape, offset: offset - 2)
    }
  }

  /// Reads what follows `\u`: four digits, or a pair of surrogates.
  private mutating func scalar() throws(JSONError) -> UnicodeScalar {
    let start = offset - 2
    let first = try hexadecimal()
    if let scalar = UnicodeScalar(first) { return scalar }
    guard first < 0xDC00, try peek() == UInt8(ascii: "\\") else {
      throw JSONError(problem: .invalidEscape, offset: start)
    }
    offset += 1
    guard try peek() == UInt8(ascii: "u") else { throw JSONError(problem: .invalidEscape, offset: start) }
    offset += 1
    let second = try hexadecimal()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = UnicodeScalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw JSONError(problem: .invalidEscape, offset: start) }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(UnicodeScalar(try peek())).hexDigitValue else {
        throw error(.invalidEscape)
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
