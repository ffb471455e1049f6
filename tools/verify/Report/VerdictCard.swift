import SwiftletVerification

/// Pass or fail, in words, and each limit.
func verdictCard(_ findings: Findings, _ verdict: Verdict) -> String {
  let title =
    verdict.passes
    ? "✓ Passed"
    : "✗ Failed: \(verdict.failures.count) of \(verdict.checks.count) limits \(verdict.failures.count == 1 ? "is" : "are") not kept"
  var content = element("p", [:], element("strong", [:], escaped(title)))
  if verdict.passes {
    content += element(
      "p", [:], escaped("int8 keeps all \(verdict.checks.count) limits. \(summary(findings.report))"))
  } else {
    content += element("ul", [:], verdict.failures.map { element("li", [:], escaped($0.sentence)) }.joined())
    content += element("p", [:], escaped(summary(findings.report)))
  }
  let rows = verdict.checks.map {
    [$0.title.capitalizedFirst, typeset($0.value), typeset($0.limit), $0.passes ? "✓ kept" : "✗ not kept"]
  }
  let marked = Set(verdict.checks.indices.filter { !verdict.checks[$0].passes })
  return element("div", ["class": verdict.passes ? "verdict" : "verdict failed", "role": "status"], content)
    + table("The limits", ["what", "measured", "limit", "verdict"], rows, texts: [2, 3], marked: marked)
}

/// What int8 does to this model's results, in a sentence or two.
private func summary(_ report: Report) -> String {
  switch report.kind {
  case .translations:
    var text =
      "On \(grouped(report.sentences)) lines, \(fixed(report.identicalPercent, 1)) % of the translations are the float model's, token for token; token by token, both prefer the same one in \(fixed(report.sameTopPercent, 2)) % of \(grouped(report.tokens)) places."
    if report.translations.bleu.hasFourGrams {
      text +=
        " BLEU is \(fixed(report.translations.bleu.score, 2)), the float model's \(fixed(report.translations.referenceBLEU.score, 2))."
    }
    return text
  case .texts:
    return
      "On \(grouped(report.sentences)) lines, both models prefer the same token in \(fixed(report.sameTopPercent, 2)) % of \(grouped(report.tokens)) places, and int8's perplexity is \(fixed(report.perplexity.ratio, 4)) times the float model's."
  case .classes:
    return
      "On \(grouped(report.sentences)) lines, both models choose the same class in \(fixed(report.sameTopPercent, 2)) % of \(grouped(report.tokens)) cases."
  case .vectors:
    return
      "On \(grouped(report.sentences)) lines, the mean cosine of int8's vectors with the float model's is \(fixed(report.cosine.mean, 6)), \(fixed(report.cosine.least, 6)) at worst."
  }
}

extension Verdict.Check {
  /// The failure as a sentence.
  fileprivate var sentence: String {
    let places =
      offenders.isEmpty
      ? ""
      : " (\(offenders.prefix(6).joined(separator: "; "))\(offenders.count > 6 ? "; and \(offenders.count - 6) more" : ""))"
    return "The \(title) is \(typeset(value)), and should be \(typeset(limit))\(places)."
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
