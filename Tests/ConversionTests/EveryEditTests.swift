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
    /// How many of its first bytes are tried; nil for all.
    let first: Int?
    let write: @Sendable (TemporaryDirectory) throws -> Void
    var testDescription: String { "\(name), \(file)" }

    init(
      _ name: String, _ file: String, first: Int? = nil,
      _ write: @escaping @Sendable (TemporaryDirectory) throws -> Void
    ) {
      (self.name, self.file, self.first, self.write) = (name, file, first, write)
    }
  }

  private static func marian(_ directory: TemporaryDirectory) throws {
    try TinyMarian {
      ($0.width, $0.heads, $0.layers, $0.feedForward) = (4, 2, (1, 1), (4, 4))
    }.writeWithText(to: directory)
  }

  private static func family(_ name: String, tokenizer: String)
    -> @Sendable (TemporaryDirectory) throws -> Void
  {
    { directory in
      try FamilyGolden(name).write(to: directory)
      try directory.write(tokenizer, to: "tokenizer.json")
    }
  }

  private static let gpt2 = family("gpt2", tokenizer: TinyTokenizers.bytePairs)
  private static let llama = family("llama", tokenizer: TinyTokenizers.characterPairs)
  private static let t5 = family("t5", tokenizer: TinyTokenizers.unigram)

  private static func pairs(_ directory: TemporaryDirectory) throws {
    try FamilyGolden("gpt2").write(to: directory)
    try directory.write(TinyTokenizers.vocabulary, to: "vocab.json")
    try directory.write(TinyTokenizers.merges, to: "merges.txt")
  }

  private static func bert(_ directory: TemporaryDirectory) throws {
    try FamilyGolden("bert").writeWithText(to: directory)
  }

  private static func ctranslate2(_ directory: TemporaryDirectory) throws {
    try CTranslate2Golden("int8-tied").write(to: directory)
    // Tokens that are characters.
    let tokens = ["<unk>", "<s>", "</s>"] + "abcdefghijklmnopqrst".map { String($0) }
    try directory.write("\(tokens)", to: "shared_vocabulary.json")
  }

  private static func llama2C(_ directory: TemporaryDirectory) throws {
    try directory.write(TinyLlama2C.model, to: "model.bin")
    try directory.write(TinyLlama2C.tokenizer, to: "tokenizer.bin")
  }

  /// Weights: what says where they are. (Each weight of each format is flipped in SourcesTests.)
  static let sources = [
    Source("marian", "config.json", marian), Source("marian", "vocab.json", marian),
    Source("marian", "source.spm", marian), Source("marian", "target.spm", marian),
    Source("gpt2", "config.json", gpt2), Source("gpt2", "tokenizer.json", gpt2),
    Source("llama", "tokenizer.json", llama), Source("llama", "model.safetensors", first: 1500, llama),
    Source("t5", "tokenizer.json", t5), Source("t5", "config.json", t5),
    Source("vocab.json and merges.txt", "vocab.json", pairs),
    Source("vocab.json and merges.txt", "merges.txt", pairs),
    Source("bert", "vocab.txt", bert),
    Source("ctranslate2", "config.json", ctranslate2),
    Source("ctranslate2", "shared_vocabulary.json", ctranslate2),
    Source("ctranslate2", "model.bin", first: 500, ctranslate2),
    Source("llama2c", "model.bin", first: 100, llama2C), Source("llama2c", "tokenizer.bin", llama2C),
  ]

  @Test(arguments: sources)
  func everyEditIsRefusedOrConverted(_ source: Source) throws {
    let directory = try TemporaryDirectory(inMemory: true)
    try source.write(directory)
    let file = try EditedFile("\(directory.path)/\(source.file)")
    let target = "\(try TemporaryDirectory(inMemory: true).path)/model.swiftlet"
    let model = source.name == "llama2c" ? "\(directory.path)/model.bin" : directory.path
    func converts() -> Bool {
      do {
        _ = try Converter.convert(model, to: target)
        return true
      } catch is CocoaError {
        Issue.record("not an error of the converter")
        return true
      } catch { return false }
    }
    #expect(converts())
    var (cuts, flips) = (EditCount(), EditCount())
    file.forEachCut { length in
      if length < source.first ?? .max { cuts.add(accepted: converts()) }
    }
    file.forEachFlip(of: source.first.map { 0..<$0 }) { _, _ in flips.add(accepted: converts()) }
    #expect(flips.refused > 0)
    print(
      "\(source.testDescription), \(source.first ?? file.bytes.count) bytes: truncations: \(cuts); flipped bits: \(flips)"
    )
  }
}
