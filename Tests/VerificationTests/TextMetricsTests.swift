import Foundation
import SwiftletMetrics
import Testing

/// BLEU and chrF against sacrebleu's numbers, which tools/reference/text_metrics.py made.
struct TextMetricsTests {
  struct Golden: Decodable {
    struct Line: Decodable {
      let hypothesis: String
      let references: [String]
    }
    struct Corpus: Decodable {
      let lines: [Line]
      let score: [Double]
    }
    let dev: [Double]
    let blocks: [[Double]]
    let corpora: [Corpus]
  }

  private struct Translation: Decodable { let text: String }

  static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  private func golden() throws -> Golden {
    try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: Self.directory.appending(path: "Fixtures/text-metrics.json")))
  }

  private func scores(_ lines: some Sequence<(String, [String])>) -> [Double] {
    var (bleu, chrF) = (BLEU(), ChrF())
    for (hypothesis, references) in lines {
      bleu.add(hypothesis, references)
      chrF.add(hypothesis, references)
    }
    return [bleu.score, chrF.score]
  }

  private func isEqual(_ scores: [Double], _ golden: [Double]) -> Bool {
    zip(scores, golden).allSatisfy { abs($0 - $1) < 1e-4 }
  }

  @Test func thousandSentences() throws {
    let golden = try golden()
    let references = try String(contentsOfFile: "\(AccuracyTests.weights)/dev.tsv", encoding: .utf8)
      .split(separator: "\n").map { $0.split(separator: "\t").dropFirst().map(String.init) }
    let translations = try String(
      contentsOfFile: "\(AccuracyTests.weights)/dev.pytorch.jsonl", encoding: .utf8
    ).split(separator: "\n").map { try JSONDecoder().decode(Translation.self, from: Data($0.utf8)).text }
    let lines = Array(zip(translations, references))
    #expect(lines.count == 1000)
    #expect(isEqual(scores(lines), golden.dev), "\(scores(lines)), sacrebleu \(golden.dev)")
    for (index, block) in golden.blocks.enumerated() {
      let scores = scores(lines[100 * index..<100 * index + 100])
      #expect(isEqual(scores, block), "block \(index): \(scores), sacrebleu \(block)")
    }
  }

  @Test func edgeCases() throws {
    let corpora = try golden().corpora
    #expect(corpora.count == 47)
    for corpus in corpora {
      let scores = scores(corpus.lines.map { ($0.hypothesis, $0.references) })
      #expect(
        isEqual(scores, corpus.score),
        "\(corpus.lines.map(\.hypothesis)): \(scores), sacrebleu \(corpus.score)")
    }
  }
}
