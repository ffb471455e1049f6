import Foundation
import SwiftletVerification

/// What is found of all models, in lines of text: of several, a table that has them side by side follows.
public func textReport(_ findings: [(Findings, Verdict)]) -> String {
  guard findings.count > 1 else { return findings.map { $0.text($1) }.joined() }
  let texts = findings.map { "\($0.path)\n\($0.text($1))" }.joined(separator: "\n")
  let table = comparisonTable(findings)
  var lines: [String] = []
  for row in table {
    let cells = row.dropFirst().map { cell in
      String(repeating: " ", count: max(0, 22 - cell.count)) + cell
    }
    lines.append(row[0].padding(toLength: 24, withPad: " ", startingAt: 0) + cells.joined())
  }
  return texts + "\n" + lines.joined(separator: "\n") + "\n"
}

/// The models side by side: a row of names, then a row for each figure.
func comparisonTable(_ findings: [(Findings, Verdict)]) -> [[String]] {
  var rows = [["model"] + findings.map { URL(fileURLWithPath: $0.0.path).lastPathComponent }]
  func add(_ title: String, _ value: (Findings) -> String?) {
    let values = findings.map { value($0.0) }
    if values.contains(where: { $0 != nil }) { rows.append([title] + values.map { $0 ?? "" }) }
  }
  func format(_ format: String, _ value: Double, if isThere: Bool) -> String? {
    isThere ? String(format: format, value) : nil
  }
  rows.append(["verdict"] + findings.map { $0.1.passes ? "passed" : "FAILED" })
  add("file bytes") { "\($0.facts.fileBytes)" }
  add("mean KL divergence") { format("%.3e", $0.report.divergence.mean, if: $0.report.tokens > 0) }
  add("worst KL divergence") { format("%.3e", $0.report.divergence.worst, if: $0.report.tokens > 0) }
  add("same top token, %") { format("%.2f", $0.report.sameTopPercent, if: $0.report.tokens > 0) }
  add("mean cosine") { format("%.6f", $0.report.cosine.mean, if: $0.report.cosine.count > 0) }
  add("rank correlation") {
    format("%.6f", $0.report.pairs.rankCorrelation, if: $0.report.pairs.model.count > 1)
  }
  add("perplexity ratio") { format("%.6f", $0.report.perplexity.ratio, if: $0.report.perplexity.count > 0) }
  add("identical, %") { format("%.1f", $0.report.identicalPercent, if: $0.report.kind == .translations) }
  add("BLEU") { format("%.2f", $0.report.translations.bleu.score, if: $0.report.translations.lines > 0) }
  add("chrF2") { format("%.2f", $0.report.translations.chrF.score, if: $0.report.translations.lines > 0) }
  add("calibration error") {
    format("%.4f", $0.report.reliability.expectedError, if: $0.report.reliability.count > 0)
  }
  return rows
}
