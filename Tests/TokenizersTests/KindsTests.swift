import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Testing

let kindNames = [
  "sp-pairs", "sp-pairs-kept", "llama", "mistral", "gpt2", "roberta", "llama3", "qwen2", "smollm", "bert",
  "bert-cased", "t5", "xlm-roberta",
]

/// Every id as the references have it, and every decoded byte, for every kind of tokenizer.
@Suite struct KindsTests {
  @Test(arguments: kindNames)
  func everyLineEncodesAndDecodesAsInTheReference(name: String) throws {
    let lines = try KindGolden.lines()
    let hashes = try KindGolden.hashes(name)
    #expect(lines.count == hashes.count && lines.count >= 1_000)
    let tokenizing = KindTokenizing(try kindSection(name))
    let tokenizer = try tokenizing.open()
    for (line, hash) in zip(lines, hashes) {
      let ids = try tokenizing.encode(Array(line.utf8), with: tokenizer)
      let text = try tokenizing.decode(ids, with: tokenizer)
      #expect(KindGolden.hash(ids, text) == hash, "\(line.debugDescription) \(ids)")
      #expect(try tokenizing.stream(ids, with: tokenizer).flatMap { $0 } == text)
    }
  }

  @Test func pairsEncodeAsInTheReference() throws {
    for (name, pairs) in try KindGolden.pairs() {
      let tokenizing = KindTokenizing(try kindSection(name))
      let tokenizer = try tokenizing.open()
      #expect(tokenizer.encodesPairs)
      for pair in pairs {
        let made = try tokenizing.encodePair(
          Array(pair.first.utf8), Array(pair.second.utf8), with: tokenizer)
        #expect(made.ids == pair.ids, "\(name) \(pair.first.debugDescription)")
        #expect(made.segments == pair.segments, "\(name) \(pair.first.debugDescription)")
      }
    }
  }

  /// Whatever ids come, what streams is what is decoded at once, and never a part of a character.
  @Test(arguments: kindNames)
  func streamsAreWholeCharacters(name: String) throws {
    var numbers = Seeded(0x5EED_0006, test: "streamsAreWholeCharacters(\(name))")
    let tokenizing = KindTokenizing(try kindSection(name))
    let tokenizer = try tokenizing.open()
    for _ in 0..<500 {
      let size = UInt32(tokenizer.vocabularySize)
      let ids = (0..<Int.random(in: 0...24, using: &numbers)).map { _ in
        UInt32.random(in: 0..<(Bool.random(using: &numbers) ? size : min(size, 300)), using: &numbers)
      }
      let parts = try tokenizing.stream(ids, with: tokenizer)
      #expect(parts.flatMap { $0 } == (try tokenizing.decode(ids, with: tokenizer)), "\(ids)")
      for part in parts { #expect(String(validating: part, as: UTF8.self) != nil, "\(ids)") }
    }
  }

  /// Strange bytes of byte-level pairs become the text that Rust's and Python's decoders make of them.
  @Test func bytesThatAreNoCharactersAreReplacedAsInTheReference() throws {
    var numbers = Seeded(0x5EED_0007, test: "bytesThatAreNoCharactersAreReplacedAsInTheReference")
    let tokenizing = KindTokenizing(try kindSection("gpt2"))
    let tokenizer = try tokenizing.open()
    let telling: [UInt8] = [
      0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC3, 0xE0, 0xE2, 0xED, 0xF0, 0xF4, 0xFF,
    ]
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...9, using: &numbers)).map { _ in
        telling.randomElement(using: &numbers)!
      }
      let ids = try tokenizing.encode(bytes, with: tokenizer)
      #expect(
        try tokenizing.decode(ids, with: tokenizer) == Array(String(decoding: bytes, as: UTF8.self).utf8))
    }
  }

  @Test func templatesAndLanguagesAreTheCallersChoice() throws {
    let tokenizing = KindTokenizing(try kindSection("bert"))
    defer { withExtendedLifetime(tokenizing) {} }
    let tokenizer = try tokenizing.open()
    let text = Array("hello".utf8)
    let bare = try tokenizing.encode(text, with: tokenizer, usesTemplate: false)
    #expect(try tokenizing.encode(text, with: tokenizer) == [2] + bare + [3])
    #expect(tokenizer.unknownID == 1)
    #expect(tokenizer.id(ofPiece: Array("[SEP]".utf8).span) == 3)
    #expect(tokenizer.pieceType(3) == .control)
    #expect(throws: TokenizerError.tooManyIDs(count: bare.count + 2, capacity: bare.count + 1)) {
      try tokenizing.encode(text, with: tokenizer, room: bare.count + 1)
    }
  }

  /// A plain Unigram section opens as any other, and makes the same tokens.
  @Test func plainUnigramSectionsAreTokenizersToo() throws {
    let section = try enFrSection()
    let (plain, general) = (Tokenizing(section), KindTokenizing(section))
    let (unigram, tokenizer) = (try plain.open(), try general.open())
    #expect(tokenizer.kind == .unigram && tokenizer.vocabularySize == unigram.vocabularySize)
    for line in try KindGolden.lines() {
      let ids = try general.encode(Array(line.utf8), with: tokenizer)
      #expect(try ids == plain.encode(Array(line.utf8), with: unigram))
      #expect(try general.decode(ids, with: tokenizer) == plain.decode(ids, with: unigram))
    }
    let other = KindTokenizing(try kindSection("t5"))
    defer { withExtendedLifetime(other) {} }
    #expect(throws: TokenizerError.wrongMagic(found: 0x4B54_7753)) {
      try UnigramTokenizer(section: UnsafeRawBufferPointer(other.section))
    }
  }

  /// Words of 100,000 bytes: merging takes time in proportion, not its square.
  @Test(arguments: ["sp-pairs", "llama", "gpt2", "llama3", "qwen2", "bert"])
  func longWordsEnd(name: String) throws {
    let tokenizing = KindTokenizing(try kindSection(name))
    let tokenizer = try tokenizing.open()
    for unit in ["a", "the", "中", "\u{301}\u{323}", "1", "\n", " "] {
      let text = Array(String(repeating: unit, count: 100_000 / unit.utf8.count).utf8)
      let ids = try tokenizing.encode(text, with: tokenizer, usesTemplate: false)
      #expect(ids.count <= text.count + 1)
    }
  }
}
