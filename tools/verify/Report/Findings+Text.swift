import Foundation
import SwiftletVerification

extension Findings {
  /// How many tensors are shown by name.
  private static let shown = 5

  /// The comparison in lines of text, then the tensors that differ most, and the verdict.
  public func text(_ verdict: Verdict) -> String {
    var lines = [report.text]
    let noisiest = tensors.filter { $0.roundingDecibels != nil }.sorted { $0.excess > $1.excess }
    lines += Self.columns(
      ["tensors' outputs", "SQNR dB", "over rounding dB", "gain"],
      noisiest.prefix(Self.shown).map {
        [$0.title, fixed($0.outputDecibels, 2), fixed($0.excess, 2), fixed($0.gain, 5)]
      })
    if !sensitivity.isEmpty {
      lines.append("")
      lines += Self.columns(
        ["int8 alone", report.kind == .vectors ? "1 - cosine" : "KL divergence"],
        sensitivity.prefix(2 * Self.shown).map {
          ["\($0.name), \($0.what.rawValue)", String(format: "%.3e", $0.cost)]
        })
    }
    lines.append("")
    lines.append(verdict.sentence)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Rows under their titles: the first column to the left, numbers to the right.
  private static func columns(_ titles: [String], _ rows: [[String]]) -> [String] {
    let widths = titles.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
    return ([titles] + rows).map { row in
      row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : "  " + space + cell
      }.joined()
    }
  }
}

extension Verdict {
  /// The verdict in words.
  public var sentence: String {
    if passes { return "passed: all \(checks.count) limits are kept" }
    return "FAILED: " + failures.map(\.complaint).joined(separator: "\n        ")
  }
}
