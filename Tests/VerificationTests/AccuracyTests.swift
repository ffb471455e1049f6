import Foundation
import SwiftletConversion
import SwiftletVerification
import Testing

/// What int8 may cost on the English-French model: the whole dev set, default settings.
struct AccuracyTests {
  static let weights = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("weights/en-fr").path

  @Test func devSetWithinPromise() throws {
    let path = NSTemporaryDirectory() + "accuracy-\(UUID().uuidString).swiftlet"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let conversion = try Converter.convert(Self.weights, to: path)
    #expect(conversion.fileBytes <= 7_800_000)
    let text = try String(contentsOfFile: "\(Self.weights)/dev.tsv", encoding: .utf8)
    let lines = text.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    #expect(lines.count == 1000)
    let verifier = try Verifier(source: Self.weights, model: path)
    let report = try verifier.verify(lines)
    print(report.text)
    #expect(report.sentences == 1000)
    #expect(report.divergence.mean <= 1.3e-4)
    #expect(report.sameTopPercent >= 99.6)
    #expect(report.identicalPercent >= 96)
    for layer in report.layers { #expect(layer.similarity.cosine > 0.999) }
  }

  @Test func refusesAnotherModelsSource() throws {
    #expect(throws: (any Error).self) {
      _ = try Verifier(source: Self.weights, model: "\(Self.weights)/config.json")
    }
  }
}
