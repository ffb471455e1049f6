import SourcesTestSupport
import SwiftletModelFile
import Testing

/// A file that was cut or changed is refused, and says how.
@Suite struct DamageTests {
  @Test func aConvertedModelOpensAndTranslates() throws {
    for group in [0, 64, 32] {
      let disk = try ModelOnDisk(try tinyModel(group: group))
      #expect(disk.refusal() == nil)
      #expect(disk.exercise())
    }
  }

  @Test func truncationsAreErrors() throws {
    let model = try tinyModel()
    var numbers = Seeded(2, test: #function)
    var lengths = Set(
      (0...256)
        + model.sections.flatMap { [$0.range.lowerBound, $0.range.upperBound] }.flatMap {
          [$0 - 1, $0, $0 + 1]
        })
    for _ in 0..<500 { lengths.insert(Int.random(in: 0..<model.bytes.count, using: &numbers)) }
    let disk = try ModelOnDisk(model)
    for length in lengths.filter({ $0 < model.bytes.count }).sorted(by: >) {
      disk.resize(to: length)
      switch (disk.refusal(), length) {
      case (.empty, 0), (.truncated(needed: 64, size: length), 1..<64),
        (.wrongSize(_, actual: length), 64...):
        break
      case (let error, _): Issue.record("\(length) bytes: \(error?.description ?? "accepted")")
      }
    }
    // With the new size in the header and its checksum right, the directory tells.
    for length in lengths.filter({ $0 >= 64 && $0 < model.bytes.count }) {
      let cut = ModelBytes(Array(model.bytes[..<length])).changed { _ in }
      let text = try refusal(cut)
      #expect(text.contains("has no valid place") || text.contains("cut short"), "\(length) bytes: \(text)")
    }
    let longer = ModelBytes(model.bytes + [0])
    #expect(
      try refusal(longer) == "its header states \(model.bytes.count) bytes, it has \(longer.bytes.count)")
  }

  /// Every bit of the first 4 KiB, and 2,000 others.
  private func places(_ model: ModelBytes, _ test: String) -> [(byte: Int, bit: UInt8)] {
    var numbers = Seeded(3, test: test)
    let first = (0..<min(4096, model.bytes.count)).flatMap { byte in (0..<8).map { (byte, UInt8(1) << $0) } }
    return first
      + (0..<2000).map { _ in
        (
          Int.random(in: 4096..<model.bytes.count, using: &numbers),
          UInt8(1) << Int.random(in: 0..<8, using: &numbers)
        )
      }
  }

  @Test func everyFlippedBitIsFound() throws {
    let model = try tinyModel()
    let disk = try ModelOnDisk(model)
    for (byte, bit) in places(model, #function) {
      disk.write([UInt8](repeating: model.bytes[byte] ^ bit, count: byte + 1)[byte...])
      switch (disk.refusal(), byte) {
      case (.notAModel, 0..<8), (.newer, 8..<12), (.unknownVersion, 8), (.field, 12..<16),
        (.wrongSize, 16..<24), (.wrongChecksum, 24...):
        break
      case (let error, _): Issue.record("byte \(byte) ^ \(bit): \(error?.description ?? "accepted")")
      }
      disk.write(model.bytes[byte...byte])
    }
    #expect(disk.refusal() == nil)
  }

  /// What the checksum can't see: each change is refused, or translates to something without harm.
  @Test(arguments: [0, 64, 32])
  func flippedBitsUnderARightChecksumAreHarmless(group: Int) throws {
    let source = TinyMarian {
      $0.before = group == 32
      ($0.shares, $0.ties, $0.normalizesEmbedding) = (group != 0, group != 0, group == 0)
    }
    let model = try tinyModel(group: group, source)
    let disk = try ModelOnDisk(model)
    var opened = 0
    // All of them for the default, and every third for the others.
    let places = places(model, #function).enumerated().filter { group == 64 || $0.offset % 3 == 0 }.map(
      \.element)
    for (byte, bit) in places where !(24..<32).contains(byte) {
      let changed = model.changed { $0.bytes[byte] ^= bit }
      disk.write(changed.bytes[byte...byte])
      disk.write(changed.bytes[24..<32])
      if disk.exercise() { opened += 1 }
      disk.write(model.bytes[byte...byte])
    }
    #expect(opened > 1000 && opened < places.count)
    disk.write(model.bytes[24..<32])
    #expect(disk.refusal() == nil)
  }
}
