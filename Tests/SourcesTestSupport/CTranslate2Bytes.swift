/// Builds the bytes of CTranslate2's `model.bin`, good and broken.
package enum CTranslate2Bytes {
  /// The types, by the numbers that the format has for them.
  package enum Kind: UInt8 {
    case float32 = 0
    case int8, int16, int32, float16, bfloat16

    var size: Int { [4, 1, 2, 4, 2, 2][Int(rawValue)] }
  }

  package struct Variable {
    package var name: String
    package var kind: Kind
    package var shape: [Int]
    package var bytes: [UInt8]

    package init(_ name: String, _ kind: Kind, _ shape: [Int], _ bytes: [UInt8]) {
      (self.name, self.kind, self.shape, self.bytes) = (name, kind, shape, bytes)
    }
  }

  /// A file of any version, with its variables in order.
  package static func file(
    version: Int, _ variables: [Variable], aliases: [(name: String, of: String)] = []
  ) -> [UInt8] {
    var bytes = number(UInt32(version)) + text("TransformerSpec") + number(UInt32(7))
    bytes += number(UInt32(variables.count))
    for variable in variables {
      bytes += text(variable.name) + [UInt8(variable.shape.count)]
      bytes += variable.shape.flatMap { number(UInt32($0)) }
      let size = variable.kind.size
      bytes +=
        version >= 4
        ? [variable.kind.rawValue] + number(UInt32(variable.bytes.count))
        : [UInt8(size)] + number(UInt32(variable.bytes.count / size))
      bytes += variable.bytes
    }
    guard version >= 3 else { return bytes }
    return bytes + number(UInt32(aliases.count)) + aliases.flatMap { text($0.name) + text($0.of) }
  }

  private static func text(_ text: String) -> [UInt8] {
    number(UInt16(text.utf8.count + 1)) + Array(text.utf8) + [0]
  }

  private static func number(_ value: some FixedWidthInteger) -> [UInt8] {
    SafetensorsBytes.littleEndian(value)
  }
}
