import Foundation
import SwiftletVerification

extension Findings {
  /// How many tensors are shown by name.
  private static let shown = 5

  /// The comparison in lines of text, then the tensors that differ most, and the verdict.
  public func text(_ verdict: Verdict) -> String {
    var lines = [report.text]
    lines.append("tensors' outputs       SQNR dB  over rounding dB      gain")
    for tensor in tensors.sorted(by: { $0.excess > $1.excess }).prefix(Self.shown)
    where tensor.roundingDecibels != nil {
      let name = tensor.title.padding(toLength: max(22, tensor.title.count), withPad: " ", startingAt: 0)
      lines.append(
        String(format: "%@%8.2f  %16.2f  %8.5f", name, tensor.outputDecibels, tensor.excess, tensor.gain))
    }
    if !sensitivity.isEmpty {
      lines += ["", "quantised alone                             costs"]
      for entry in sensitivity.prefix(2 * Self.shown) {
        let name = "\(entry.name), \(entry.what.rawValue)"
        lines.append(
          name.padding(toLength: max(40, name.count + 1), withPad: " ", startingAt: 0)
            + String(format: "%9.3e", entry.cost))
      }
    }
    lines.append("")
    lines.append(verdict.sentence)
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Verdict {
  /// The verdict in words.
  public var sentence: String {
    if passes { return "passed: all \(checks.count) limits are kept" }
    return "FAILED: " + failures.map(\.complaint).joined(separator: "\n        ")
  }
}
