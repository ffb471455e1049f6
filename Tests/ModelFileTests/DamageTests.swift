import SourcesTestSupport
import SwiftletModelFile
import Testing

/// Files that were made longer or changed.
@Suite struct DamageTests {
  @Test func aConvertedModelOpensAndTranslates() throws {
    for group in [0, 64, 32] {
      let disk = try ModelOnDisk(try tinyModel(group: group))
      #expect(disk.refusal() == nil)
      #expect(disk.exercise())
    }
  }

  @Test func aLongerFileIsRefused() throws {
    let model = try tinyModel()
    let longer = ModelBytes(model.bytes + [0])
    #expect(
      try refusal(longer) == "its header states \(model.bytes.count) bytes, it has \(longer.bytes.count)")
  }

  /// Groups and choices that the small models of `EveryEditTests` have not: some changes, each refused or harmless.
  @Test(arguments: [0, 64, 32])
  func flippedBitsUnderARightChecksumAreHarmless(group: Int) throws {
    var numbers = Seeded(3, test: "flippedBitsUnderARightChecksumAreHarmless(\(group))")
    let source = TinyMarian {
      $0.before = group == 32
      ($0.shares, $0.ties, $0.normalizesEmbedding) = (group != 0, group != 0, group == 0)
    }
    let bytes = try tinyModel(group: group, source).bytes
    let model = ModelInMemory(bytes)
    var count = EditCount()
    for _ in 0..<1000 {
      let (place, bit) = (
        Int.random(in: 32..<bytes.count, using: &numbers), UInt8(1) << Int.random(in: 0..<8, using: &numbers)
      )
      model.flip(place, bit)
      model.repair(bytes.count)
      count.add(accepted: model.exercise())
      model.flip(place, bit)
    }
    #expect(count.accepted > 0 && count.refused > 0)
  }
}
