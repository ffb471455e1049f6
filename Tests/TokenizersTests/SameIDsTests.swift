import Foundation
import SwiftletConversion
import SwiftletSources
import SwiftletTokenizers
import Testing

/// Every id as sentencepiece has it, and every decoded byte.
@Suite struct SameIDsTests {
  @Test(arguments: ["en-fr", "bytes", "suffix", "kept"])
  func nastyTextsEncodeAndDecodeAsInSentencePiece(name: String) throws {
    let golden = try Golden.read(name)
    let tokenizing = Tokenizing(name == "en-fr" ? try enFrPlainSection() : try smallSection(name))
    let tokenizer = try tokenizing.open()
    #expect(golden.encode.count >= 200)
    for wanted in golden.encode {
      let ids = try tokenizing.encode(Array(wanted.text.utf8), with: tokenizer)
      #expect(ids == wanted.ids, "\(wanted.text.debugDescription)")
      let text = try tokenizing.decode(ids, with: tokenizer)
      #expect(text == Array(wanted.decoded.utf8), "\(wanted.text.debugDescription)")
    }
    for wanted in golden.broken {
      let ids = try tokenizing.encode(bytes(hex: wanted.hex), with: tokenizer)
      #expect(ids == wanted.ids, "\(wanted.hex)")
    }
    for wanted in golden.decode {
      let text = try tokenizing.decode(wanted.ids, with: tokenizer)
      #expect(
        text == Array(wanted.text.utf8),
        "\(wanted.ids): \(String(decoding: text, as: UTF8.self).debugDescription)")
    }
  }

  /// The en-fr vocabulary has the pieces in their order, so with it sentencepiece's ids are the vocabulary's.
  private func enFrPlainSection() throws -> [UInt8] {
    var section = try enFrSection()
    section[6] &= 0x3F  // no language codes, no look-up of unknown runs: as sentencepiece alone
    return section
  }

  @Test func devSentencesEncodeAsInSentencePiece() throws {
    let lines = try String(contentsOf: fixture("en-fr-dev.txt"), encoding: .utf8).split(separator: "\n")
    let sentences = try String(contentsOf: enFr.appending(path: "dev.tsv"), encoding: .utf8).split(
      separator: "\n")
    #expect(lines.count == 1000 && sentences.count == 1000)
    let tokenizing = Tokenizing(try enFrSection())
    let tokenizer = try tokenizing.open()
    for (line, sentence) in zip(lines, sentences) {
      let english = Array(sentence.utf8.prefix { $0 != 9 })
      let ids = try tokenizing.encode(english, with: tokenizer)
      #expect(ids == line.split(separator: " ").compactMap { UInt32($0) }, "\(sentence)")
    }
  }

  @Test func theReferenceModelsInputsAndOutputsAgree() throws {
    let tokenizing = Tokenizing(try enFrSection())
    let tokenizer = try tokenizing.open()
    for (sentence, line) in try DevGolden.all() {
      let ids = try tokenizing.encode(sentence, with: tokenizer)
      #expect(ids + [0] == line.source_ids, "\(String(decoding: sentence, as: UTF8.self))")
      let text = try tokenizing.decode(line.ids, with: tokenizer)
      #expect(text == Array(line.text.utf8), "\(line.text)")
    }
  }

  @Test func languageCodesAndUnknownRunsAreLookedUpAsInMarian() throws {
    struct Case: Decodable {
      let text: String
      let ids: [UInt32]
    }
    struct File: Decodable {
      let prefix: [String]
      let encode: [Case]
    }
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: fixture("marian.json")))
    let model = try SentencePieceModel(try bytes(enFr.appending(path: "source.spm")))
    let pieces = model.pieces.enumerated().filter { $0.offset % 7 != 3 || $0.offset < 3 }.map(\.element.text)
    let vocabulary = try Vocabulary(texts: file.prefix.map { TokenText($0) } + pieces.reversed())
    let unknown = try #require(vocabulary["<unk>"])
    let tokenizing = Tokenizing(
      try unigramSection(model: model, vocabulary: vocabulary, unknownID: unknown, takesLanguageCodes: true))
    let tokenizer = try tokenizing.open()
    for wanted in file.encode {
      let ids = try tokenizing.encode(Array(wanted.text.utf8), with: tokenizer)
      #expect(ids == wanted.ids, "\(wanted.text)")
    }
  }
}
