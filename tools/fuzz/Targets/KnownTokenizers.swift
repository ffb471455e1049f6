import Foundation
import SwiftletConversion
import SwiftletSources

/// Tokenizers of every kind, small, from the tests' fixtures: what texts and ids from outside meet.
struct KnownTokenizer: Sendable {
  /// What decoding the tokens of a text gives back.
  enum Promise: Sendable {
    /// The text itself, if it is UTF-8 and has no added token in it.
    case sameText
    /// Some text.
    case someText
  }

  let name: String
  let promise: Promise
  let harness: TokenizerHarness

  /// All of them, in an order that inputs rely on: new ones go to the end.
  static let all: [KnownTokenizer] = [
    ("gpt2", .sameText), ("llama3", .sameText), ("qwen2", .someText), ("smollm", .sameText),
    ("roberta", .someText), ("llama", .someText), ("mistral", .someText), ("bert", .someText),
    ("bert-cased", .someText), ("t5", .someText), ("xlm-roberta", .someText), ("sp-pairs", .someText),
    ("sp-pairs-kept", .someText), ("characters", .someText), ("kept", .someText), ("suffix", .someText),
    ("bytes", .someText),
  ].map { (name: String, promise: Promise) in
    do { return try KnownTokenizer(name, promise) } catch { fatalError("\(name): \(error)") }
  }

  private init(_ name: String, _ promise: Promise) throws {
    let section = try Self.section(name)
    // Never freed: the harness looks into it as long as the process lives.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: section.count, alignment: 8)
    unsafe memory.copyBytes(from: section)
    (self.name, self.promise) = (name, promise)
    harness = unsafe try TokenizerHarness(UnsafeRawBufferPointer(memory))
  }

  private static func section(_ name: String) throws -> [UInt8] {
    func bytes(_ path: String) throws -> [UInt8] {
      Array(try Data(contentsOf: repository.appending(path: path)))
    }
    let fixtures = "Tests/TokenizersTests/Fixtures"
    switch name {
    case "characters":
      return try characterSection(
        texts: ["<pad>", "<s>", "</s>", "<unk>", " ", "a", "b", "é", "中", "😀"], controlIDs: [0, 1, 2, 3],
        unknownID: 3, before: [1], after: [2])
    case "kept", "suffix", "bytes":
      return try sentencePieceSection(try SentencePieceModel(try bytes("\(fixtures)/\(name).model")))
    case _ where name.hasPrefix("sp-"):
      return try sentencePieceSection(
        try SentencePieceModel(try bytes("\(fixtures)/Kinds/\(name).model"), types: [.unigram, .bytePairs]))
    default:
      return try tokenizerSection(file: repository.appending(path: "\(fixtures)/Kinds/\(name).json").path)
    }
  }
}

/// This repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appending(path: "../../..").standardized
