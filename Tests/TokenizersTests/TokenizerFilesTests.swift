import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Testing

/// The other files that tokenizers come in make the same tokens as `tokenizer.json`.
@Suite struct TokenizerFilesTests {
  private struct Model: Decodable {
    let model: Pairs
    struct Pairs: Decodable {
      let vocab: [String: Int]
      let merges: [[String]]?
    }
  }

  private func vocabulary(_ name: String) throws -> Model.Pairs {
    try JSONDecoder().decode(Model.self, from: Data(contentsOf: kindFixture(name + ".json"))).model
  }

  private func sameIDs(_ section: [UInt8], as name: String, usesTemplate: Bool = false) throws {
    let (one, other) = (KindTokenizing(section), KindTokenizing(try kindSection(name)))
    let (first, second) = (try one.open(), try other.open())
    for line in try KindGolden.lines() where !line.contains("NewToken") && !line.contains("New") {
      let text = Array(line.utf8)
      #expect(
        try one.encode(text, with: first, usesTemplate: usesTemplate)
          == other.encode(text, with: second, usesTemplate: usesTemplate), "\(line.debugDescription)")
    }
  }

  @Test func vocabularyAndMergesAreGPT2s() throws {
    let directory = try TemporaryDirectory()
    let model = try vocabulary("gpt2")
    try directory.write(Array(try JSONEncoder().encode(model.vocab)), to: "vocab.json")
    let merges = (model.merges ?? []).map { $0.joined(separator: " ") }
    try directory.write("#version: 0.2\n" + merges.joined(separator: "\n") + "\n", to: "merges.txt")
    try sameIDs(try tokenizerSection(directory: directory.path), as: "gpt2")
  }

  @Test func aListOfWordPiecesIsBERTs() throws {
    for name in ["bert", "bert-cased"] {
      let directory = try TemporaryDirectory()
      let texts = try vocabulary(name).vocab.sorted { $0.value < $1.value }.map(\.key)
      try directory.write(texts.joined(separator: "\n") + "\n", to: "vocab.txt")
      try directory.write(#"{"do_lower_case": \#(name == "bert")}"#, to: "tokenizer_config.json")
      try sameIDs(try tokenizerSection(directory: directory.path), as: name, usesTemplate: true)
    }
  }

  @Test func aSentencePieceModelGetsItsTemplateFromTheConfiguration() throws {
    let directory = try TemporaryDirectory()
    try directory.write(try bytes(kindFixture("sp-pairs.model")), to: "tokenizer.model")
    let text = Array("Hello".utf8)
    func ids() throws -> [UInt32] {
      let tokenizing = KindTokenizing(try tokenizerSection(directory: directory.path))
      return try tokenizing.encode(text, with: tokenizing.open())
    }
    let plain = KindTokenizing(try kindSection("sp-pairs"))
    let bare = try plain.encode(text, with: plain.open())
    #expect(try ids() == [1] + bare)
    try directory.write(#"{"add_bos_token": false, "add_eos_token": true}"#, to: "tokenizer_config.json")
    #expect(try ids() == bare + [2])
  }

  @Test func llama2VocabulariesAreSentencePieceModels() throws {
    let model = try SentencePieceModel(try bytes(kindFixture("sp-pairs.model")), types: [.bytePairs])
    func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    func file(_ change: (Int, [UInt8]) -> [UInt8] = { $1 }) -> [UInt8] {
      model.pieces.enumerated().reduce(into: number(64)) { file, piece in
        var text = String(decoding: piece.element.text.bytes, as: UTF8.self)
        text.replace("▁", with: " ")
        if piece.offset == 1 || piece.offset == 2 { text = "\n\(text)\n" }
        let bytes = change(piece.offset, Array(text.utf8))
        file += number(piece.element.score.bitPattern) + number(UInt32(bytes.count)) + bytes
      }
    }
    let directory = try TemporaryDirectory()
    let path = try directory.write(file(), to: "tok.bin")
    let tokenizing = KindTokenizing(try llama2TokenizerSection(path: path, count: model.pieces.count))
    let plain = KindTokenizing(try kindSection("sp-pairs"))
    let (tokenizer, other) = (try tokenizing.open(), try plain.open())
    for line in try KindGolden.lines() {
      let ids = try tokenizing.encode(Array(line.utf8), with: tokenizer)
      #expect(try ids == [1] + plain.encode(Array(line.utf8), with: other))
    }
    typealias Failure = Llama2VocabularyError
    func failure(_ bytes: [UInt8], count: Int? = nil) -> Failure? {
      do throws(Failure) {
        _ = try SentencePieceModel(llama2: bytes, count: count)
        return nil
      } catch { return error }
    }
    #expect(failure([1, 2]) == .unexpectedEnd(token: 0, at: 2))
    #expect(failure(file().dropLast(1)) != nil)
    #expect(failure(file(), count: 7) == .wrongCount(model.pieces.count, expected: 7))
    #expect(failure(file { $0 == 1 ? [65] : $1 }) == .notReserved(token: 1, text: "A"))
    #expect(failure(file { $0 == 5 ? [65] : $1 }) == .notReserved(token: 5, text: "A"))
    #expect(failure(number(4) + number(0) + [255, 255, 255, 255]) != nil)
    for count in stride(from: 0, to: file().count, by: 7) {
      _ = failure(Array(file()[..<count]))
    }
  }

  @Test func charactersAreTokens() throws {
    let texts = ["_", "_", "_", "_", "a", "b", "é", "中", "'"]
    let section = try characterSection(
      texts: texts, controlIDs: [0, 1, 2], unknownID: 3, before: [1], after: [2])
    let tokenizing = KindTokenizing(section)
    let tokenizer = try tokenizing.open()
    let ids = try tokenizing.encode(Array("ab_é中x'".utf8), with: tokenizer)
    #expect(ids == [1, 4, 5, 3, 6, 7, 3, 8, 2])
    #expect(try tokenizing.decode(ids, with: tokenizer) == Array("abé中'".utf8))
    #expect(try tokenizing.encode([0xFF, 0x61], with: tokenizer) == [1, 3, 4, 2])
    #expect(throws: UnigramSectionError.unknownIDOutOfRange(9, vocabulary: 9)) {
      try characterSection(texts: texts, controlIDs: [0], unknownID: 9)
    }
    #expect(throws: UnigramSectionError.self) {
      try characterSection(texts: texts, controlIDs: [0], unknownID: nil)  // three times `_`
    }
    let none = KindTokenizing(try characterSection(texts: ["a"], controlIDs: [], unknownID: nil))
    #expect(try none.encode(Array("aba".utf8), with: none.open()) == [0, 0])
  }

  @Test func aDirectoryWithoutTokenizerSaysWhatWasLookedFor() throws {
    let directory = try TemporaryDirectory()
    do throws(TokenizerSourceError) {
      _ = try tokenizerSection(directory: directory.path)
      Issue.record("no error")
    } catch {
      #expect(error.description.contains("tokenizer.json, tokenizer.model"))
    }
  }
}
