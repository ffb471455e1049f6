import Foundation
import SwiftletConversion
import SwiftletReport
import SwiftletVerification
import SourcesTestSupport
import Testing

/// What int8 may cost on the English-French model: the whole dev set, default settings.
struct AccuracyTests {
  static let weights = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("weights/en-fr").path

  @Test func devSetWithinPromise() throws {
    let path = "\(try TemporaryDirectory().path)/model.swiftlet"
    let conversion = try Converter.convert(Self.weights, to: path)
    #expect(conversion.fileBytes <= 7_800_000)
    let text = try VerificationText(path: "\(Self.weights)/dev.tsv")
    #expect(text.lines.count == 1000)
    let verifier = try Verifier(source: Self.weights, model: path)
    let report = try verifier.verify(text)[0]
    print(report.text)
    #expect(report.sentences == 1000)
    #expect(report.divergence.mean <= 1.3e-4)
    #expect(report.sameTopPercent >= 99.6)
    #expect(report.identicalPercent >= 96)
    // The float model's translations are PyTorch's, whose BLEU and chrF sacrebleu gives.
    #expect(abs(report.translations.referenceBLEU.score - 49.153007) < 0.1)
    #expect(abs(report.translations.referenceChrF.score - 66.090553) < 0.1)
    #expect(report.translations.bleu.score >= 49)
    #expect(abs(report.perplexity.ratio - 1) < 0.001)
    for layer in report.layers { #expect(layer.similarity.cosine > 0.999) }
  }

  @Test func refusesAnotherModelsSource() throws {
    #expect(throws: (any Error).self) {
      _ = try Verifier(source: Self.weights, model: "\(Self.weights)/config.json")
    }
  }
}
