import Foundation
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Testing

/// Files that aren't what they should be are refused by name.
@Suite struct SourceFilesTests {
  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(bytes.count)] + bytes
  }
  private func piece(_ text: String, score: Float = -1, type: UInt8? = nil) -> [UInt8] {
    let bits = (0..<4).map { UInt8(truncatingIfNeeded: score.bitPattern >> (8 * UInt32($0))) }
    return field(1, field(1, Array(text.utf8)) + [0x15] + bits + (type.map { [0x18, $0] } ?? []))
  }
  private func error(_ bytes: [UInt8]) -> SentencePieceError? {
    do throws(SentencePieceError) {
      _ = try SentencePieceModel(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func modelsAreReadAndCheckedAsSentencePieceDoes() throws {
    let good = piece("<unk>", type: 2) + piece("a")
    let model = try SentencePieceModel(good + field(2, [0x18, 1, 0xC0, 1, 1]) + field(3, [0x18, 0]))
    #expect(model.pieces == [.init(text: "<unk>", score: -1, kind: .unknown), .init(text: "a", score: -1)])
    #expect(
      model.treatWhitespaceAsSuffix && !model.normalizer.addDummyPrefix && model.normalizer.escapeWhitespaces)
    #expect(error([]) == .unknownPieces(count: 0))
    #expect(error(piece("a")) == .unknownPieces(count: 0))
    #expect(error(piece("<unk>", type: 2)) == .noPieces)
    #expect(error(good + piece("a")) == .duplicatePiece("a", first: 1, second: 2))
    #expect(error(good + piece("")) == .emptyPiece(piece: 2, at: good.count))
    #expect(error(good + piece("\0")) == .badPieceText(piece: 2, at: good.count))
    #expect(
      error(good + piece("b", score: .infinity)) == .badScore(piece: 2, score: .infinity, at: good.count))
    #expect(error(good + piece("b", type: 9)) == .unknownValue(field: "type", value: 9, at: good.count + 10))
    #expect(error(good + piece("<0x41>", type: 6)) == .badBytePiece("<0x41>", piece: 2))
    #expect(error(good + field(2, [0x18, 2])) == .unsupported("model_type bpe: only unigram is"))
    #expect(
      error(good + field(5, field(2, [1]))) == .unsupported("denormalizer_spec '': rules for decoded text"))
    #expect(
      error(good + field(2, [0x98, 2, 1]) + field(2, [0x18, 0x80]))
        == .malformed(.truncatedVarint(at: good.count + 8)))
    #expect(error([0x0A, 5, 1]) == .malformed(.pastEnd(length: 5, left: 1, at: 1)))
    #expect(error([0x08, 1]) == .wrongWireType(field: "pieces", at: 0))
    #expect(error([0x0B]) == .malformed(.badWireType(3, field: 1, at: 0)))
    #expect(error([0x00]) == .malformed(.badFieldNumber(0, at: 0)))
    #expect(error([0x08] + [UInt8](repeating: 0xFF, count: 10)) == .malformed(.varintTooLong(at: 1)))
    // Two pieces that Swift's strings take for the same.
    #expect(try SentencePieceModel(good + piece("é") + piece("e\u{301}")).pieces.count == 4)
  }

  @Test func everyTruncationOfAModelIsAnErrorOrAModel() throws {
    let file = try bytes(fixture("bytes.model"))
    var read = 0
    for count in 0..<file.count where (try? SentencePieceModel(Array(file[..<count]))) != nil { read += 1 }
    // At the few ends of fields where all pieces are there.
    #expect(read < 20)
  }

  @Test func vocabulariesAreReadStrictly() throws {
    func read(_ text: String) -> Result<[TokenText: Int], VocabularyError> {
      do throws(VocabularyError) {
        return .success(try Vocabulary(json: Array(text.utf8)).ids)
      } catch {
        return .failure(error)
      }
    }
    #expect(read("{}") == .success([:]))
    #expect(
      read(#" { "a" : 0 , "\u00e9":1,"e\u0301":2, "\ud83d\ude00\n\"\\\/":3 }  "#)
        == .success(["a": 0, "\u{E9}": 1, "e\u{301}": 2, "😀\n\"\\/": 3]))
    #expect(read(#"{"a":0,"a":1}"#) == .failure(.duplicateToken("a", ids: [0, 1], at: 7)))
    #expect(read(#"{"a":0,"b":0}"#) == .failure(.duplicateID(0, tokens: ["a", "b"], at: 7)))
    #expect(read(#"{"a":0,"b":2}"#) == .failure(.missingID(1, highest: 2)))
    #expect(read(#"{"a":-1}"#) == .failure(.negativeID(at: 5)))
    #expect(read(#"{"a":99999999999}"#) == .failure(.idTooLarge(at: 5)))
    #expect(read(#"{"a":1.5}"#) == .failure(.malformed(expected: "a whole number", at: 5)))
    #expect(read(#"{"a":01}"#) == .failure(.malformed(expected: "a whole number", at: 5)))
    #expect(read(#"{"a":"b"}"#) == .failure(.malformed(expected: "a whole number", at: 5)))
    #expect(read(#"{"\x":0}"#) == .failure(.badEscape(at: 2)))
    #expect(read(#"{"\ud83d":0}"#) == .failure(.badEscape(at: 2)))
    #expect(read(#"{"\ude00":0}"#) == .failure(.badEscape(at: 2)))
    #expect(read(#"{"a":0} x"#) == .failure(.malformed(expected: "the end", at: 8)))
    #expect(read(#"{"a":0,}"#) == .failure(.malformed(expected: "a text in double quotes", at: 7)))
    #expect(read(#"[1]"#) == .failure(.malformed(expected: "'{'", at: 0)))
    #expect(throws: VocabularyError.notUTF8(at: 1)) { try Vocabulary(json: [0x7B, 0x22, 0xFF, 0x22]) }
    let whole = Array(#"{"a":0,"\u00e9":1}"#.utf8)
    for count in 0..<whole.count {
      #expect(throws: VocabularyError.self) { try Vocabulary(json: Array(whole[..<count])) }
    }
  }

  @Test func sectionsThatCantBeAreRefused() throws {
    let model = try SentencePieceModel(piece("<unk>", type: 2) + piece("a"))
    let vocabulary = try Vocabulary(texts: ["<unk>", "a"])
    #expect(throws: UnigramSectionError.unknownIDOutOfRange(2, vocabulary: 2)) {
      try unigramSection(model: model, vocabulary: vocabulary, unknownID: 2)
    }
    let long = try Vocabulary(texts: [TokenText(bytes: [UInt8](repeating: 0x61, count: 5000)), "a"])
    #expect(throws: UnigramSectionError.self) {
      try unigramSection(model: model, vocabulary: long, unknownID: 1)
    }
    var broken = model
    broken.normalizer.precompiledCharsmap = [4, 0, 0, 0, 1, 1, 0, 0]
    #expect(throws: UnigramSectionError.self) {
      try unigramSection(model: broken, vocabulary: vocabulary, unknownID: 0)
    }
  }

  @Test func theSectionOfTheCommittedModelIsSmall() throws {
    let section = try enFrSection()
    print("en-fr tokenizer section: \(section.count) bytes")
    #expect(section.count <= 414_000)
  }

  @Test func silentIDsAndTargetPiecesDecode() throws {
    let source = try SentencePieceModel(piece("<unk>", type: 2) + piece("a"))
    let target = try SentencePieceModel(piece("<unk>", type: 2) + piece("\u{2581}b") + piece("</s>", type: 3))
    let vocabulary = try Vocabulary(texts: ["a", "\u{2581}b", "</s>", "<unk>", "<pad>", ">>fra<<"])
    let section = try unigramSection(
      model: source, vocabulary: vocabulary, unknownID: 3, target: target, silentIDs: [4],
      takesLanguageCodes: true)
    let tokenizing = Tokenizing(section)
    let tokenizer = try tokenizing.open()
    let text = try tokenizing.decode([4, 1, 0, 1, 2, 3, 5], with: tokenizer)
    #expect(String(decoding: text, as: UTF8.self) == "ba b \u{2047} >>fra<<")
    let ids = try tokenizing.encode(Array(">>fra<<a".utf8), with: tokenizer)
    #expect(ids == [5, 3, 0])
  }
}
