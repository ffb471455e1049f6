import Foundation
import SwiftletMetrics
import SwiftletVerification

extension Report {
  /// The percentiles that are stated.
  static let percents = [50.0, 90, 99, 99.9]

  /// The report in lines of text.
  public var text: String {
    var lines = [headline + (skipped > 0 ? "; \(skipped) lines skipped (empty or too long)" : "")]
    if cosine.count > 0 { lines += cosineLines }
    if tokens > 0 { lines += divergenceLines }
    if kind == .translations { lines += translationLines }
    if perplexity.count > 0 { lines.append(perplexityLine) }
    if reliability.count > 0 {
      lines.append(
        String(
          format: "calibration error      %.4f, of the reference %.4f", reliability.expectedError,
          referenceReliability.expectedError))
    }
    lines += ["", "states after           SQNR dB    cosine"]
    for layer in layers {
      let name = layer.name.padding(toLength: 22, withPad: " ", startingAt: 0)
      lines.append(name + String(format: "%8.2f  %.6f", layer.similarity.decibels, layer.similarity.cosine))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What was compared, and on what.
  public var headline: String {
    switch kind {
    case .translations:
      "\(sentences) lines, \(tokens) tokens, teacher-forced on the float reference's greedy translations"
    case .texts: "\(sentences) lines, \(tokens) tokens, each predicted with the text's others known"
    case .classes: "\(sentences) lines, \(tokens) classified"
    case .vectors: "\(sentences) lines, \(cosine.count) vectors"
    }
  }

  private var cosineLines: [String] {
    let values = cosine.percentiles([50, 10, 1]).map { String(format: "%.6f", $0) }
    var lines = [
      "cosine                 mean \(String(format: "%.6f", cosine.mean))  median \(values[0])  10 % \(values[1])  1 % \(values[2])  worst \(String(format: "%.6f", cosine.least))",
      "  worst at             line \(farthest[0].place.line): \(farthest[0].place.text)",
    ]
    if pairs.model.count > 1 {
      lines.append(
        String(
          format: "rank correlation       %.6f (Spearman, of %d pairs' cosines)", pairs.rankCorrelation,
          pairs.model.count))
    }
    return lines
  }

  private var divergenceLines: [String] {
    func number(_ value: Double) -> String { String(format: "%.3e", value) }
    func spread(_ distribution: Distribution) -> String {
      let values = distribution.percentiles(Self.percents).map(number)
      return
        "median \(values[0])  90 % \(values[1])  99 % \(values[2])  99.9 % \(values[3])  worst \(number(distribution.worst))"
    }
    return [
      "KL divergence          mean \(number(divergence.mean))  \(spread(divergence))",
      "  worst at             line \(worst.line), token \(worst.token): \(worst.text)",
      "same top token         \(String(format: "%.2f", sameTopPercent)) %",
      "log-probability error  RMS \(number(logProbabilityError.rootMeanSquare))  \(spread(logProbabilityError))",
      "probability error      RMS \(number(probabilityError.rootMeanSquare))  \(spread(probabilityError))",
    ]
  }

  private var translationLines: [String] {
    let percent = String(format: "%.1f", identicalPercent)
    var lines = ["identical translations \(percent) % (\(identical) of \(sentences))"]
    if translations.lines > 0 {
      if translations.bleu.hasFourGrams {
        lines.append(
          String(
            format: "BLEU                   %.2f, of the reference %.2f", translations.bleu.score,
            translations.referenceBLEU.score))
      }
      lines.append(
        String(
          format: "chrF2                  %.2f, of the reference %.2f", translations.chrF.score,
          translations.referenceChrF.score))
    }
    return lines
  }

  private var perplexityLine: String {
    let what =
      kind != .translations
      ? "" : translations.lines > 0 ? ", of references" : ", of the reference's translations"
    return String(
      format: "perplexity             %.4f, of the reference %.4f, ratio %.6f ± %.6f",
      perplexity.perplexity, perplexity.referencePerplexity, perplexity.ratio, perplexity.standardError)
      + what
  }
}
