import SwiftletVerification

/// The figures that say most, large.
func figures(_ findings: Findings) -> String {
  let report = findings.report
  var figures: [(String, String, String)] = []
  if report.tokens > 0 {
    figures += [
      (
        "mean KL divergence", scientific(report.divergence.mean),
        "nats; worst \(scientific(report.divergence.worst))"
      ),
      ("same top token", "\(fixed(report.sameTopPercent, 2)) %", "of \(grouped(report.tokens)) tokens"),
    ]
  }
  if report.cosine.count > 0 {
    figures.append(("mean cosine", fixed(report.cosine.mean, 6), "worst \(fixed(report.cosine.least, 6))"))
  }
  if report.pairs.model.count > 1 {
    figures.append(
      (
        "rank correlation", fixed(report.pairs.rankCorrelation, 6),
        "Spearman, \(grouped(report.pairs.model.count)) pairs"
      ))
  }
  if report.kind == .translations {
    figures.append(
      (
        "same translations", "\(fixed(report.identicalPercent, 1)) %",
        "\(grouped(report.identical)) of \(grouped(report.sentences))"
      ))
  }
  if report.translations.bleu.hasFourGrams {
    figures.append(
      (
        "BLEU", fixed(report.translations.bleu.score, 2),
        "float \(fixed(report.translations.referenceBLEU.score, 2))"
      ))
  }
  if report.translations.lines > 0 {
    figures.append(
      (
        "chrF2", fixed(report.translations.chrF.score, 2),
        "float \(fixed(report.translations.referenceChrF.score, 2))"
      ))
  }
  if report.perplexity.count > 0 {
    figures.append(
      (
        "perplexity ratio", fixed(report.perplexity.ratio, 5),
        "± \(fixed(report.perplexity.standardError, 5)); float \(fixed(report.perplexity.referencePerplexity, 3))"
      ))
  }
  let part = Double(findings.facts.floatBytes) / Double(max(1, findings.facts.fileBytes))
  figures.append(
    ("file", bytes(findings.facts.fileBytes), "float32 weights \(fixed(part, 2)) times as large"))
  figures.append(("arena", bytes(findings.facts.arenaBytes), "all that a run writes to"))
  let items = figures.map {
    element(
      "div", [:],
      element("dt", [:], escaped($0.0))
        + element("dd", [:], escaped($0.1) + element("small", [:], escaped($0.2))))
  }
  return element("dl", ["class": "figures"], items.joined())
}
