import Foundation
import SwiftletMetrics

/// Whether a model keeps the limits, and where it doesn't.
public struct Verdict: Sendable {
  /// One limit.
  public struct Check: Sendable {
    /// Its name, for programs: `kl`, `tensor-gain` …
    public let name: String
    /// What is limited, in words.
    public let title: String
    /// What was measured, with its unit.
    public let value: String
    /// What it must keep to.
    public let limit: String
    /// Whether it does.
    public let passes: Bool
    /// Where it doesn't: the layers or tensors.
    public let offenders: [String]

    /// The failure in one line, empty if there is none.
    public var complaint: String {
      if passes { return "" }
      let places = offenders.isEmpty ? "" : ": " + offenders.prefix(3).joined(separator: "; ")
      let more = offenders.count > 3 ? " and \(offenders.count - 3) more" : ""
      return "the \(title) is \(value), and should be \(limit)\(places)\(more)"
    }
  }

  /// All limits that apply to the model.
  public let checks: [Check]
  /// Whether all are kept.
  public var passes: Bool { checks.allSatisfy(\.passes) }
  /// Those that aren't.
  public var failures: [Check] { checks.filter { !$0.passes } }

  /// Judges what was found.
  public init(_ findings: Findings, _ limits: VerdictLimits) {
    let report = findings.report
    var checks: [Check] = []
    if report.tokens > 0 { checks += Self.tokenChecks(report, limits) }
    if report.cosine.count > 0 { checks += Self.vectorChecks(report, limits) }
    if report.perplexity.count > 0 { checks.append(Self.perplexityCheck(report, limits)) }
    let scores = report.translations
    if scores.lines >= (limits.judgesFewLines ? 1 : 100) { checks.append(Self.bleuCheck(scores, limits)) }
    checks.append(Self.layerCheck(report, limits))
    checks += Self.tensorChecks(findings.tensors, limits)
    self.checks = checks
  }

  private static func tokenChecks(_ report: Report, _ limits: VerdictLimits) -> [Check] {
    [
      Check(
        name: "kl", title: "mean KL divergence", value: String(format: "%.3e", report.divergence.mean),
        limit: "at most \(significant(limits.divergence))",
        passes: report.divergence.mean <= limits.divergence,
        offenders: ["worst on line \(report.worst.line), token \(report.worst.token)"]),
      Check(
        name: "same-top", title: "same top token",
        value: String(format: "%.2f %%", report.sameTopPercent),
        limit: "at least \(significant(limits.sameTop)) %", passes: report.sameTopPercent >= limits.sameTop,
        offenders: []),
    ]
  }

  private static func vectorChecks(_ report: Report, _ limits: VerdictLimits) -> [Check] {
    var checks = [
      Check(
        name: "cosine", title: "mean cosine", value: String(format: "%.6f", report.cosine.mean),
        limit: "at least \(significant(limits.cosine))", passes: report.cosine.mean >= limits.cosine,
        offenders: report.farthest.prefix(1).map { "worst on line \($0.place.line)" })
    ]
    // Few pairs have ranks that one swap changes much.
    if report.pairs.model.count >= 20 {
      let correlation = report.pairs.rankCorrelation
      checks.append(
        Check(
          name: "rank-correlation", title: "rank correlation of pairs",
          value: String(format: "%.6f", correlation),
          limit: "at least \(significant(limits.rankCorrelation))",
          passes: correlation >= limits.rankCorrelation, offenders: []))
    }
    return checks
  }

  private static func perplexityCheck(_ report: Report, _ limits: VerdictLimits) -> Check {
    let ratio = report.perplexity
    // With one token there is no standard error.
    let error = ratio.standardError.isFinite ? ratio.standardError : 0
    return Check(
      name: "perplexity", title: "perplexity ratio",
      value: String(format: "%.6f ± %.6f", ratio.ratio, ratio.standardError),
      limit: "at most \(significant(limits.perplexityRatio))",
      passes: ratio.ratio - 2 * error <= limits.perplexityRatio, offenders: [])
  }

  private static func bleuCheck(_ scores: TranslationScores, _ limits: VerdictLimits) -> Check {
    let loss = scores.referenceBLEU.score - scores.bleu.score
    return Check(
      name: "bleu", title: "loss of BLEU", value: String(format: "%.2f points", loss),
      limit: "at most \(significant(limits.bleuLoss))", passes: loss <= limits.bleuLoss, offenders: [])
  }

  private static func layerCheck(_ report: Report, _ limits: VerdictLimits) -> Check {
    let bad = report.layers.filter { !($0.similarity.cosine >= limits.layerCosine) }
    let least = report.layers.map(\.similarity.cosine).min() ?? 1
    return Check(
      name: "layer-cosine", title: "cosine of states after layers",
      value: String(format: "%.6f at worst", least), limit: "at least \(significant(limits.layerCosine))",
      passes: bad.isEmpty,
      offenders: bad.map { String(format: "%@ %.6f", $0.name, $0.similarity.cosine) })
  }

  private static func tensorChecks(_ tensors: [TensorFinding], _ limits: VerdictLimits) -> [Check] {
    let gains = tensors.filter { $0.hasWrongGain(limits) }
      .sorted { abs($0.gain - 1) > abs($1.gain - 1) }
    let worst = tensors.map { $0.gain - 1 }.max { abs($0) < abs($1) } ?? 0
    let noisy = tensors.filter { $0.hasWrongError(limits) }
      .sorted { $0.excess > $1.excess }
    let excess = tensors.map(\.excess).max() ?? 0
    let rows = tensors.filter { $0.rowsOff > 0 }.sorted { $0.rowsOff > $1.rowsOff }
    let biases = tensors.filter { $0.biasesOff > 0 }.sorted { $0.biasesOff > $1.biasesOff }
    return [
      Check(
        name: "tensor-gain", title: "gain of tensors' outputs",
        value: String(format: "1 %@ %.4f at worst", worst < 0 ? "−" : "+", abs(worst)),
        limit: "within 1 ± \(significant(limits.gain)) or 8 standard errors", passes: gains.isEmpty,
        offenders: gains.map { String(format: "%@ has %.4f", $0.title, $0.gain) }),
      Check(
        name: "tensor-error", title: "error of tensors' outputs over rounding",
        value: String(format: "%.1f dB at worst", excess),
        limit: "at most \(significant(limits.excess)) dB or 8 standard errors",
        passes: noisy.isEmpty,
        offenders: noisy.map { String(format: "%@ has %.1f dB", $0.title, $0.excess) }),
      Check(
        name: "tensor-rows", title: "count of tensors' rows that are too large or too small",
        value: "\(rows.reduce(0) { $0 + $1.rowsOff })", limit: "0", passes: rows.isEmpty,
        offenders: rows.map {
          String(
            format: "%@ has %d, row %d by %.4f", $0.title, $0.rowsOff, $0.worstRow ?? 0, $0.worstRowGain ?? 1)
        }),
      Check(
        name: "tensor-biases", title: "count of tensors' biases that are not the reference's",
        value: "\(biases.reduce(0) { $0 + $1.biasesOff })", limit: "0", passes: biases.isEmpty,
        offenders: biases.map { tensor in
          let worst = tensor.worstBias.map {
            String(format: ", row %d is %.6g for %.6g", $0.row, $0.value, $0.expected)
          }
          return "\(tensor.title) has \(tensor.biasesOff)\(worst ?? "")"
        }),
    ]
  }

  /// A number with its significant digits, without an exponent where that is readable.
  private static func significant(_ value: Double) -> String { String(format: "%.4g", value) }
}
