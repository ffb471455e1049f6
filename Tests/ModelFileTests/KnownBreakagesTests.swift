import SourcesTestSupport
import SwiftletModelFile
import Testing

/// Ways to break a model file that others' readers are tested with, each refused by the rule that it breaks.
///
/// The names are those of the handcrafted files of llama.cpp's `tests/test-gguf.cpp`, carried over: GGUF's keys are
/// sections here, its alignment is fixed, and its tensors' names are fields. What has no counterpart: a key without
/// name, a name that is too long, other than two dimensions, and an older version.
@Suite struct KnownBreakagesTests {
  struct Breakage: Sendable, CustomTestStringConvertible {
    let name: String
    let rule: String
    let change: @Sendable (inout ModelBytes) -> Void
    var testDescription: String { name }

    init(_ name: String, _ rule: String, _ change: @escaping @Sendable (inout ModelBytes) -> Void) {
      (self.name, self.rule, self.change) = (name, rule, change)
    }
  }

  static let header = [
    Breakage("header, bad magic", "it is not a .swiftlet model (wrong magic number)") {
      $0.bytes.replaceSubrange(0..<4, with: Array("FUGG".utf8))
    },
    Breakage("header, version 0", "format 0 does not exist") { $0[8, as: UInt32.self] = 0 },
    Breakage("header, future version", "it was made by format 2, this program reads up to 1") {
      $0[8, as: UInt32.self] = 2
    },
    Breakage("header, count of tensors -1", "section 3 has no valid place: offset ") {
      $0[$0.entry(.tensorTable) + 16, as: UInt64.self] = .max
    },
    Breakage("header, one tensor too many", "section 7 has no valid place") {
      $0[$0.entry(.tensorTable) + 16, as: UInt64.self] += 64
    },
    Breakage("header, one tensor too few", "bytes, expected ") {
      $0[$0.entry(.tensorTable) + 16, as: UInt64.self] -= 64
    },
    Breakage("header, count of keys -1", "section count is 4294967295, must be 0 to 16") {
      $0[32, as: UInt32.self] = .max
    },
    Breakage("header alone", "section 1 is missing") { $0[32, as: UInt32.self] = 0 },
  ]

  static let keys = [
    Breakage("key of size -1", "section 2 has no valid place") {
      $0[$0.entry(.metadata) + 16, as: UInt64.self] = .max
    },
    Breakage("key of unknown type", "section 8 is not known to this program") {
      $0[$0.entry(.metadata), as: UInt32.self] = 8
    },
    Breakage("key that is there twice", "section 1 is there twice") {
      $0[$0.entry(.decoding), as: UInt32.self] = SectionKind.architecture.rawValue
    },
    Breakage("alignment of 13", "section 2 has no valid place") {
      $0[$0.entry(.metadata) + 8, as: UInt64.self] += 13
    },
    Breakage("alignment of wrong type", "section flags is 5, must be 0 to 1") {
      $0[$0.entry(.metadata) + 4, as: UInt32.self] = 5
    },
  ]

  /// Where the first entry of the tensor table begins.
  private static func table(_ model: ModelBytes) -> Int { model.section(.tensorTable).lowerBound }

  static let tensors = [
    Breakage("tensor of unknown name", "tensor 0 is not source-embedding") {
      $0[table($0) + 4, as: UInt16.self] = 99
    },
    Breakage("tensor of shape -1", "rows is 4294967295, expected 11") {
      $0[table($0) + 8, as: UInt32.self] = .max
    },
    Breakage("tensor of no rows", "rows is 0, expected 11") { $0[table($0) + 8, as: UInt32.self] = 0 },
    Breakage("tensor of too many elements", "data has no valid place: offset ") {
      widen(&$0, vocabulary: 4_000_000, width: 65_536)
    },
    Breakage("tensor of too many bytes", "data has no valid place: offset ") {
      widen(&$0, vocabulary: 4_000_000, width: 4)
    },
    Breakage("tensor of unknown type", "element type is 41, expected 2") {
      $0[table($0) + 6, as: UInt16.self] = 41
    },
    Breakage("tensor at -1", "data has no valid place: offset 18446744073709551615, size ") {
      $0[table($0) + 24, as: UInt64.self] = .max
    },
    Breakage("tensor whose end overflows", "data has no valid place: offset 18446744073709551552, size ") {
      $0[table($0) + 24, as: UInt64.self] = .max & ~63
    },
    Breakage("tensor that is there twice", "tensor 1 is not position-frequencies") {
      let first = table($0)
      $0.bytes.replaceSubrange(first + 64..<first + 128, with: $0.bytes[first..<first + 64])
    },
    Breakage("tensor with alignment of 13", "data has no valid place") {
      $0[table($0) + 24, as: UInt64.self] += 13
    },
    Breakage("tensor with inconsistent alignment", "data has no valid place") {
      $0[table($0) + 24, as: UInt64.self] += 1
    },
  ]

  /// A table of embeddings of another size, in the architecture and in the tensor table.
  private static func widen(_ model: inout ModelBytes, vocabulary: UInt32, width: UInt32) {
    let start = model.section(.architecture).lowerBound
    for (word, value) in [(2, width), (7, vocabulary), (8, vocabulary)] {
      model[start + 4 * word, as: UInt32.self] = value
    }
    model[table(model) + 8, as: UInt32.self] = vocabulary
    model[table(model) + 12, as: UInt32.self] = width
  }

  static let data = [
    Breakage("not enough data", "section 7 has no valid place") { $0.bytes.removeLast() },
    Breakage("data with alignment of 13", "section 7 has no valid place") {
      $0[$0.entry(.tensorData) + 8, as: UInt64.self] += 13
    },
    Breakage("data with inconsistent alignment", "section 7 has no valid place") {
      $0[$0.entry(.tensorData) + 8, as: UInt64.self] += 1
    },
    Breakage("data of two sizes that overflow", "section 2 has no valid place") {
      for entry in [$0.entry(.metadata), $0.entry(.tensorData)] {
        $0[entry + 16, as: UInt64.self] = 0x7FFF_FFFF_FFFF_FFC0
      }
    },
    Breakage("data across a section", "section 7 has no valid place") {
      $0[$0.entry(.tensorData) + 8, as: UInt64.self] = UInt64(table($0))
    },
  ]

  @Test(arguments: header + keys + tensors + data)
  func refuses(_ breakage: Breakage) throws {
    let found = try refusal(try tinyModel().changed(breakage.change))
    #expect(found.contains(breakage.rule), "\(breakage.name): \(found)")
  }
}
