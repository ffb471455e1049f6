import Foundation
import SourcesTestSupport
import SwiftletConversion
import SwiftletFamilies
import SwiftletReport
import SwiftletVerification
import Testing

/// Verification of what does not translate: tiny models whose tokens are letters.
struct KindTests {
  private static let lines = ["abcdefgh", "hello world", "", "a", "the quick brown fox", "zyxwv"]

  /// Verifies a tiny model of a family.
  private func verify(_ name: String) throws -> Report {
    let directory = try TemporaryDirectory()
    try FamilyGolden(name).write(to: directory)
    let model = try ModelImporter.load(directory.path)
    let letters = (0..<model.architecture.sourceVocabulary).map { id in
      id < 26 ? String(UnicodeScalar(UInt8(97 + id))) : "<\(id)>"
    }
    let tokenizer = try characterSection(texts: letters, controlIDs: [], unknownID: nil)
    let path = "\(directory.path)/model.swiftlet"
    _ = try model.write(
      to: path, QuantizationOptions(), TokenizerSections(source: tokenizer), progress: { _, _, _ in })
    return try Verifier(source: directory.path, model: path).verify(Self.lines)
  }

  @Test(arguments: ["llama", "gpt2", "gpt-neox", "mistral"]) func textsOfDecoders(_ name: String) throws {
    let report = try verify(name)
    print(report.text)
    // The empty line has no tokens, and after one letter nothing is to be predicted.
    #expect(report.sentences == 4 && report.skipped == 2)
    #expect(report.tokens == 7 + 9 + 15 + 4)
    #expect(report.divergence.mean < 0.01)
    #expect(abs(report.perplexity.ratio - 1) < 0.02)
    for layer in report.layers { #expect(layer.similarity.cosine > 0.995, "\(layer.name)") }
    #expect(report.text.contains("perplexity"))
    #expect(report.json["perplexity"] is Double)
  }

  @Test(arguments: ["bert-masked", "roberta-masked"]) func predictedTokens(_ name: String) throws {
    let report = try verify(name)
    #expect(report.sentences == 5 && report.tokens == 8 + 10 + 1 + 16 + 5)
    #expect(report.divergence.mean < 0.01)
  }

  @Test(arguments: ["bert-classes", "distilbert-classes"]) func classes(_ name: String) throws {
    let report = try verify(name)
    #expect(report.sentences == 5 && report.tokens == 5)
    #expect(report.divergence.mean < 0.01)
    #expect(report.text.contains("5 classified"))
  }

  @Test(arguments: ["sentence-mean", "sentence-max", "sentence-cls-dense"])
  func vectors(_ name: String) throws {
    let report = try verify(name)
    print(report.text)
    #expect(report.sentences == 5 && report.cosine.count == 5)
    #expect(report.cosine.least > 0.99)
    // Each line with the one before it: tiny models rank few pairs otherwise.
    #expect(report.pairs.model.count == 4 && report.pairs.rankCorrelation > 0.7)
    #expect(report.farthest.count == 5 && report.farthest[0].cosine == report.cosine.least)
    #expect(report.tokens == 0 && report.json["kl_mean"] == nil)
    #expect(report.json["cosine_mean"] is Double)
  }
}
