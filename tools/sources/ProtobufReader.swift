/// Reads the fields of a protobuf message (the wire format, without a schema), checked.
///
/// Offsets are in bytes from the start of the file, also within nested messages.
struct ProtobufReader {
  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int

  /// Reads `range` of `bytes`, which is within them.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// A field: its number, its value, and where it starts.
  struct Field {
    let number: UInt64
    let value: Value
    let offset: Int
  }

  /// A field's value, as the wire type tells it.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    /// A string, bytes or a message: a range of the file.
    case bytes(Range<Int>)
    case fixed32(UInt32)
  }

  /// The next field, or nil at the end of the message.
  mutating func next() throws(ProtobufError) -> Field? {
    guard position < end else { return nil }
    let start = position
    let key = try varint()
    let number = key >> 3
    guard number > 0, number < 1 << 29 else { throw .badFieldNumber(number, at: start) }
    switch key & 7 {
    case 0: return Field(number: number, value: .varint(try varint()), offset: start)
    case 1: return Field(number: number, value: .fixed64(try fixed(8)), offset: start)
    case 2: return Field(number: number, value: .bytes(try lengthDelimited()), offset: start)
    case 5: return Field(number: number, value: .fixed32(UInt32(try fixed(4))), offset: start)
    default: throw .badWireType(UInt8(key & 7), field: number, at: start)
    }
  }

  private mutating func varint() throws(ProtobufError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for index in 0..<10 {
      guard position < end else { throw .truncatedVarint(at: start) }
      let byte = bytes[position]
      position += 1
      guard index < 9 || byte <= 1 else { throw .varintTooLong(at: start) }
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return value }
    }
    throw .varintTooLong(at: start)
  }

  private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
    guard end - position >= count else {
      throw .pastEnd(length: UInt64(count), left: end - position, at: position)
    }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += count
    return value
  }

  private mutating func lengthDelimited() throws(ProtobufError) -> Range<Int> {
    let start = position
    let length = try varint()
    guard length <= UInt64(end - position) else {
      throw .pastEnd(length: length, left: end - position, at: start)
    }
    let range = position..<position + Int(length)
    position = range.upperBound
    return range
  }
}

/// Why bytes are no protobuf message. Offsets are in bytes from the start of the file.
public enum ProtobufError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A variable-length number has no end within its message.
  case truncatedVarint(at: Int)
  /// A variable-length number has more than 64 bits.
  case varintTooLong(at: Int)
  /// A value says that it has `length` bytes, where `left` are left in its message.
  case pastEnd(length: UInt64, left: Int, at: Int)
  /// A field number is 0 or 2²⁹ or more.
  case badFieldNumber(UInt64, at: Int)
  /// A wire type that isn't read: a group (3, 4) or none at all (6, 7).
  case badWireType(UInt8, field: UInt64, at: Int)

  /// Says what is wrong and where.
  public var description: String {
    switch self {
    case .truncatedVarint(let offset): "the number at byte \(offset) is cut off"
    case .varintTooLong(let offset): "the number at byte \(offset) has more than 64 bits"
    case .pastEnd(let length, let left, let offset):
      "the value at byte \(offset) has \(length) bytes, but \(left) are left"
    case .badFieldNumber(let number, let offset): "the field at byte \(offset) has number \(number)"
    case .badWireType(let type, let field, let offset):
      "field \(field) at byte \(offset) has wire type \(type), which is not read"
    }
  }
}
