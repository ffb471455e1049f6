import Foundation
import SourcesTestSupport
import SwiftletConversion
import Testing

/// Every edit of the files that a small model is made of: each length to which one can be cut, and each bit flipped.
/// Converting refuses it by a typed error, or makes a model of it that its own reader has checked.
@Suite struct EveryEditTests {
  /// A directory with a model, and the file that is edited.
  struct Source: Sendable, CustomTestStringConvertible {
    let name: String
    let file: String
    /// Bytes that are tried; nil for all.
    var places: Range<Int>?
    let write: @Sendable (TemporaryDirectory) throws -> Void
    var testDescription: String { "\(name), \(file)" }

    init(
      _ name: String, _ file: String, places: Range<Int>? = nil,
      _ write: @escaping @Sendable (TemporaryDirectory) throws -> Void
    ) {
      (self.name, self.file, self.places, self.write) = (name, file, places, write)
    }
  }

  private static func marian(_ directory: TemporaryDirectory) throws {
    try TinyMarian {
      ($0.width, $0.heads, $0.layers, $0.feedForward) = (4, 2, (1, 1), (4, 4))
    }.writeWithText(to: directory)
  }

  private static func gpt2(_ directory: TemporaryDirectory) throws {
    try FamilyGolden("gpt2").write(to: directory)
    try directory.write(TinyTokenizers.bytePairs, to: "tokenizer.json")
  }

  private static func llama(_ directory: TemporaryDirectory) throws {
    try FamilyGolden("llama").write(to: directory)
    try directory.write(TinyTokenizers.characterPairs, to: "tokenizer.json")
  }

  private static func t5(_ directory: TemporaryDirectory) throws {
    try FamilyGolden("t5").write(to: directory)
    try directory.write(TinyTokenizers.unigram, to: "tokenizer.json")
  }

  private static func pairs(_ directory: TemporaryDirectory) throws {
    try FamilyGolden("gpt2").write(to: directory)
    try directory.write(TinyTokenizers.vocabulary, to: "vocab.json")
    try directory.write(TinyTokenizers.merges, to: "merges.txt")
  }

  private static func ctranslate2(_ directory: TemporaryDirectory) throws {
    try CTranslate2Golden("int8-tied").write(to: directory)
  }

  static let sources = [
    Source("marian", "config.json", marian), Source("marian", "vocab.json", marian),
    Source("marian", "source.spm", marian), Source("marian", "target.spm", marian),
    Source("gpt2", "config.json", gpt2), Source("gpt2", "tokenizer.json", gpt2),
    Source("llama", "tokenizer.json", llama), Source("t5", "tokenizer.json", t5),
    Source("t5", "config.json", t5),
    Source("vocab.json and merges.txt", "vocab.json", pairs),
    Source("vocab.json and merges.txt", "merges.txt", pairs),
    Source("ctranslate2", "config.json", ctranslate2),
    Source("ctranslate2", "shared_vocabulary.json", ctranslate2),
  ]

  @Test(arguments: sources)
  func everyEditIsRefusedOrConverted(_ source: Source) throws {
    let directory = try TemporaryDirectory(inMemory: true)
    try source.write(directory)
    let file = try EditedFile("\(directory.path)/\(source.file)")
    let target = "\(try TemporaryDirectory(inMemory: true).path)/model.swiftlet"
    func converts() -> Bool { (try? Converter.convert(directory.path, to: target)) != nil }
    let start = ContinuousClock.now
    #expect(converts())
    let once = ContinuousClock.now - start
    var (cuts, flips) = (EditCount(), EditCount())
    file.forEachCut { _ in cuts.add(accepted: converts()) }
    file.forEachFlip(of: source.places) { _, _ in flips.add(accepted: converts()) }
    #expect(flips.refused > 0)
    print(
      "\(source.testDescription), \(file.bytes.count) bytes: truncations: \(cuts); flipped bits: \(flips) \(once) \(ContinuousClock.now - start)"
    )
  }
}
