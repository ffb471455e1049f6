import Foundation
import SourcesTestSupport
import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources
import SwiftletTokenizers
import Testing

@testable import SwiftletConversion

/// Tokenizers of models of CTranslate2: lists of tokens, and what cuts texts into them.
@Suite struct CTranslate2SectionsTests {
  /// The English-French model's tokens, by id: those of its `vocab.json` in another order.
  ///
  /// - Parameter step: The token with id `i` there has `i · step` here, modulo their count.
  private func tokens(_ step: Int) throws -> [TokenText] {
    let vocabulary = try Vocabulary(json: try bytes(enFr.appending(path: "vocab.json")))
    var texts = vocabulary.texts
    for (id, text) in vocabulary.texts.enumerated() { texts[id * step % texts.count] = text }
    return texts
  }

  private func model(_ directory: String, _ tokens: TokenLists) -> ImportedModel {
    var architecture = Architecture()
    (architecture.sourceVocabulary, architecture.targetVocabulary) = (
      tokens.source.count, tokens.target.count
    )
    return ImportedModel(
      architecture: architecture, decoding: SourceDecoding(), metadata: [("family", "ctranslate2")],
      tensors: [:], directory: directory, tokens: tokens)
  }

  /// As Argos Translate's packages have it: `model` beside `sentencepiece.model`; or all in one directory.
  @Test(arguments: [("sentencepiece.model", 1, 1), ("sentencepiece.model", 7, 11), ("source.spm", 7, 7)])
  func piecesAreLookedUpInTheLists(file: String, sourceStep: Int, targetStep: Int) throws {
    let package = try TemporaryDirectory()
    let pieces = try bytes(enFr.appending(path: "source.spm"))
    try package.write(pieces, to: file)
    if file == "source.spm" { try package.write(pieces, to: "target.spm") }
    var lists = TokenLists(
      source: try tokens(sourceStep), target: try tokens(targetStep), unknown: sourceStep)
    lists.after = [0]
    let sections = try tokenizerSections(of: model("\(package.path)/model", lists))
    #expect((sections.target == nil) == (sourceStep == targetStep))
    let (source, target) = (
      KindTokenizing(sections.source), KindTokenizing(sections.target ?? sections.source)
    )
    let (encoder, decoder) = (try source.open(), try target.open())
    let count = UInt32(lists.source.count)
    for (sentence, line) in try DevGolden.all() {
      let ids = try source.encode(sentence, with: encoder)
      #expect(
        ids == line.source_ids.map { $0 * UInt32(sourceStep) % count },
        "\(String(decoding: sentence, as: UTF8.self))")
      let text = try target.decode(line.ids.map { $0 * UInt32(targetStep) % count }, with: decoder)
      #expect(text == Array(line.text.utf8), "\(line.text)")
    }
  }

  @Test func tokensOfNoTextAreSilent() throws {
    let package = try TemporaryDirectory()
    try package.write(try bytes(enFr.appending(path: "source.spm")), to: "sentencepiece.model")
    let texts: [TokenText] = ["<blank>", "<s>", "</s>", "\u{2581}the", "s", "<unk>"]
    var lists = TokenLists(source: texts, target: texts, unknown: 5)
    (lists.before, lists.after) = ([1], [2])
    let tokenizing = KindTokenizing(try tokenizerSections(of: model(package.path, lists)).source)
    let tokenizer = try tokenizing.open()
    // A run of what is unknown is one token, and `>>fr<<` is a text like others.
    #expect(try tokenizing.encode(Array("the 日本".utf8), with: tokenizer) == [1, 3, 5, 5, 2])
    #expect(try tokenizing.encode(Array(">>fr<<".utf8), with: tokenizer).contains(5))
    #expect(try tokenizing.decode([0, 1, 3, 4, 2], with: tokenizer) == Array("thes".utf8))
  }

  @Test func charactersHaveWhatStandsAroundThem() throws {
    let directory = try TemporaryDirectory()
    let texts: [TokenText] = ["<blank>", "<s>", "</s>", "a", "é", "<unk>"]
    var lists = TokenLists(source: texts, target: texts, unknown: 5)
    (lists.before, lists.after) = ([1], [2])
    let tokenizing = KindTokenizing(try tokenizerSections(of: model(directory.path, lists)).source)
    #expect(try tokenizing.encode(Array("aéb".utf8), with: try tokenizing.open()) == [1, 3, 4, 5, 2])
  }

  @Test(arguments: [
    ("bpe.model", "tokens of Moses, cut into byte pairs, are not supported"),
    ("sentencepiece.model", "sentencepiece.model: "), ("none", "sentencepiece.model"),
  ])
  func whatCantBeDoneIsRefused(file: String, reason: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write([0xFF, 0xFF], to: file)
    let texts: [TokenText] = ["<s>", "</s>", "ab", "<unk>"]
    let error = #expect(throws: (any Error).self) {
      try tokenizerSections(of: model(directory.path, TokenLists(source: texts, target: texts, unknown: 3)))
    }
    #expect("\(try #require(error))".contains(reason))
  }
}
