/// A cursor over JSON text. Each function reads one thing, and leaves the cursor right behind it.
@safe struct JSONReader {
  let bytes: UnsafeRawBufferPointer
  let depthLimit: Int
  let valueLimit: Int
  var offset = 0
  private var depth = 0
  private var values = 0

  init(bytes: UnsafeRawBufferPointer, depthLimit: Int, valueLimit: Int) {
    unsafe self.bytes = unsafe bytes
    self.depthLimit = depthLimit
    self.valueLimit = valueLimit
  }

  mutating func document() throws(JSONError) -> StrictJSON {
    let value = try value()
    skipSpace()
    guard unsafe offset == bytes.count else { throw error(.trailingBytes) }
    return value
  }

  private mutating func value() throws(JSONError) -> StrictJSON {
    skipSpace()
    values += 1
    guard values <= valueLimit else { throw error(.tooManyValues(limit: valueLimit)) }
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case let byte: throw error(.unexpectedByte(byte, expected: "a value"))
    }
  }

  private mutating func object() throws(JSONError) -> JSONObject {
    try enter()
    var object = JSONObject()
    skipSpace()
    if try peek() == UInt8(ascii: "}") { return leave(object) }
    while true {
      skipSpace()
      let start = offset
      guard try peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
      let key = try string()
      skipSpace()
      guard try peek() == UInt8(ascii: ":") else { throw unexpected("':'") }
      offset += 1
      guard object.append(.init(key: key, value: try value(), offset: start)) else {
        throw JSONError(problem: .duplicateKey(key), offset: start)
      }
      skipSpace()
      switch try peek() {
      case UInt8(ascii: "}"): return leave(object)
      case UInt8(ascii: ","): offset += 1
      default: throw unexpected("',' or '}'")
      }
    }
  }

  private mutating func array() throws(JSONError) -> [StrictJSON] {
    try enter()
    var values: [StrictJSON] = []
    skipSpace()
    if try peek() == UInt8(ascii: "]") { return leave(values) }
    while true {
      values.append(try value())
      skipSpace()
      switch try peek() {
      case UInt8(ascii: "]"): return leave(values)
      case UInt8(ascii: ","): offset += 1
      default: throw unexpected("',' or ']'")
      }
    }
  }

  private mutating func enter() throws(JSONError) {
    guard depth < depthLimit else { throw error(.tooDeep(limit: depthLimit)) }
    depth += 1
    offset += 1
  }

  private mutating func leave<Value>(_ value: Value) -> Value {
    depth -= 1
    offset += 1
    return value
  }

  private mutating func word(_ word: StaticString, _ value: StrictJSON) throws(JSONError) -> StrictJSON {
    for place in 0..<word.utf8CodeUnitCount {
      guard unsafe try peek() == word.utf8Start[place] else { throw unexpected("\(word)") }
      offset += 1
    }
    return value
  }

  /// The byte at the cursor.
  func peek() throws(JSONError) -> UInt8 {
    guard unsafe offset < bytes.count else { throw error(.unexpectedEnd) }
    return unsafe bytes[offset]
  }

  private mutating func skipSpace() {
    while unsafe offset < bytes.count, unsafe Self.isSpace(bytes[offset]) { offset += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  func error(_ problem: JSONError.Problem) -> JSONError { JSONError(problem: problem, offset: offset) }

  private func unexpected(_ expected: String) -> JSONError {
    unsafe offset < bytes.count
      ? error(.unexpectedByte(bytes[offset], expected: expected)) : error(.unexpectedEnd)
  }
}
