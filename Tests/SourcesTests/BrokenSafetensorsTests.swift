import SourcesTestSupport
import SwiftletSources
import Testing

/// One broken file for each rule of the format.
@Suite struct BrokenSafetensorsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let message: String
    var testDescription: String { message }

    init(_ message: String, bytes: [UInt8]) { (self.message, self.bytes) = (message, bytes) }

    init(_ message: String, header: String, data: Int = 0, length: UInt64? = nil) {
      let data = [UInt8](repeating: 0, count: data)
      self.init(message, bytes: SafetensorsBytes.file(header: header, data: data, length: length))
    }

    /// One tensor `a`, with an entry of this text, before `data` bytes.
    init(_ message: String, entry: String, data: Int = 0) {
      self.init(message, header: #"{"a":\#(entry)}"#, data: data)
    }
  }

  static let framing: [Case] = [
    Case("0 bytes is too short for a safetensors file (at least 8 bytes)", bytes: []),
    Case("7 bytes is too short for a safetensors file (at least 8 bytes)", bytes: [2, 0, 0, 0, 0, 0, 0]),
    Case(
      "the header claims 100000001 bytes: at most 100000000 are allowed", header: "{}", length: 100_000_001),
    Case("the header claims 18446744073709551615 bytes", header: "{}", length: .max),
    Case("the header claims 3 bytes, but the file has 2 after its first 8", header: "{}", length: 3),
    Case("the header is empty", header: ""),
    Case("the header begins with byte 0x20, not with '{'", header: " {}"),
    Case(
      "the header begins with byte 0x80, not with '{'",
      bytes: SafetensorsBytes.littleEndian(1 as UInt64) + [0x80]),
    Case("header: not valid JSON at byte 1: the text ends inside a value", header: "{"),
    Case("header: not valid JSON at byte 2: something follows the value", header: "{}}"),
    Case(
      "header: not valid JSON at byte 1: a string is not UTF-8",
      bytes: SafetensorsBytes.littleEndian(7 as UInt64) + [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x30, 0x7D]),
    Case("bytes 0 to 1 of the data belong to no tensor", header: "{}", data: 1),
    Case("__metadata__: the value of \"k\" is not text", header: #"{"__metadata__":{"k":1}}"#),
    Case("__metadata__: the value of \"__metadata__\" is not text", header: #"{"__metadata__":[]}"#),
    Case(
      "header: not valid JSON at byte 54: the key \"a\" appears twice",
      header:
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\#u{5C}u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      data: 4),
    Case("header: not valid JSON at byte 12: nested more than 4 deep", header: #"{"a":{"b":[[[[]]]]}}"#),
  ]

  static let entries: [Case] = [
    Case("tensor a: its entry is not an object", entry: "1"),
    Case(#"tensor \u{a}\u{202e}: its entry is not an object"#, header: #"{"\n\u202E":1}"#),
    Case("tensor a: dtype is not text", entry: #"{"shape":[],"data_offsets":[0,0]}"#),
    Case("tensor a: unknown dtype \"F31\"", entry: #"{"dtype":"F31","shape":[],"data_offsets":[0,0]}"#),
    Case(
      "tensor a: unknown key \"x\"", entry: #"{"x":1,"dtype":"F32","shape":[],"data_offsets":[0,4]}"#, data: 4
    ),
    Case("tensor a: shape is not an array", entry: #"{"dtype":"F32","data_offsets":[0,4]}"#, data: 4),
    Case("tensor a: shape has -1", entry: #"{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#, data: 4),
    Case("tensor a: shape has 1.5", entry: #"{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}"#, data: 4),
    Case("tensor a: data_offsets is not an array", entry: #"{"dtype":"F32","shape":[1]}"#, data: 4),
    Case(
      "tensor a: data_offsets has 3 numbers", entry: #"{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}"#),
    Case(
      "tensor a: data_offsets [0, 8] don't fit 4 bytes of data",
      entry: #"{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, data: 4),
    Case(
      "tensor a: data_offsets [4, 0] don't fit 4 bytes of data",
      entry: #"{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"#, data: 4),
    Case(
      "tensor a: data_offsets [0, 9223372036854775807] don't fit",
      entry: #"{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}"#, data: 4),
    Case(
      "tensor a: F16 [3] takes 6 bytes, but data_offsets give 4",
      entry: #"{"dtype":"F16","shape":[3],"data_offsets":[0,4]}"#, data: 4),
    Case(
      "tensor a: the size of shape [4294967296, 4294967296] overflows",
      entry: #"{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}"#, data: 4),
    Case(
      "tensor a: the size of shape [0, 4294967296, 4294967296] overflows",
      entry: #"{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}"#),
    Case(
      "tensor a: F4 [3] doesn't fill whole bytes", entry: #"{"dtype":"F4","shape":[3],"data_offsets":[0,1]}"#,
      data: 1),
  ]

  static let tiling: [Case] = [
    Case(
      "tensor b: begins at byte 2 of the data, inside tensor a", bytes: two(a: "[0,4]", b: "[2,6]", data: 6)),
    Case(
      "bytes 4 to 6 of the data belong to no tensor (before b)", bytes: two(a: "[0,4]", b: "[6,10]", data: 10)
    ),
    Case(
      "bytes 0 to 1 of the data belong to no tensor (before a)", bytes: two(a: "[1,5]", b: "[5,9]", data: 9)),
    Case("bytes 8 to 9 of the data belong to no tensor", bytes: two(a: "[0,4]", b: "[4,8]", data: 9)),
    Case(
      "tensor b: data_offsets [4, 8] don't fit 7 bytes of data", bytes: two(a: "[0,4]", b: "[4,8]", data: 7)),
  ]

  private static func two(a: String, b: String, data: Int) -> [UInt8] {
    let header =
      #"{"b":{"dtype":"F32","shape":[1],"data_offsets":\#(b)},"a":{"dtype":"F32","shape":[1],"data_offsets":\#(a)}}"#
    return SafetensorsBytes.file(header: header, data: [UInt8](repeating: 0, count: data))
  }

  @Test(arguments: framing + entries + tiling) func refuses(_ broken: Case) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(broken.bytes, to: "broken.safetensors")
    let error = #expect(throws: SourceError.self) { try Safetensors(path: path) }
    let message = try #require(error).description
    #expect(message.hasPrefix("\(path): \(broken.message)"), "\(message)")
    #expect(!message.contains("\n"))
  }

  /// Every byte of a good file, replaced by those that mean something in a header: it is read or refused.
  @Test func survivesDamage() throws {
    let directory = try TemporaryDirectory()
    let good = SafetensorsBytes.file([.init("a", [2, 2], [1, 2, 3, 4]), .init("b", [1], [5])])
    for place in 0..<good.count - 20 {
      for value: UInt8 in [0, 0x22, 0x2C, 0x39, 0x5B, 0x7B, 0x7D, 0xFF] {
        var damaged = good
        damaged[place] = value
        let path = try directory.write(damaged, to: "damaged")
        guard let file = try? Safetensors(path: path) else { continue }
        for tensor in file.tensors { _ = try? tensor.floats() }
      }
    }
  }
}
