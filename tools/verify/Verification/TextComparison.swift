import SwiftletFloatReference

/// Compares decoders alone: on the text itself.
struct TextComparison: Comparison {
  let reference: FloatModel
  let models: [Shared<Int8Model>]
  private let suppressed: Set<Int>

  init(_ reference: FloatModel, _ models: [Shared<Int8Model>]) {
    self.reference = reference
    self.models = models
    suppressed = models[0].model.decoding.suppressedTokens
  }

  func run(_ lines: ArraySlice<VerificationText.Line>, _ reports: inout [Report]) throws {
    var items: [(place: Report.Place, ids: [Int])] = []
    for (index, line) in zip(lines.indices, lines) {
      // The first token is read, and every other is scored.
      if let ids = models[0].model.tokens(line.text), ids.count > 1 {
        items.append((Report.Place(line: index + 1, text: line.text), ids))
      } else {
        for model in reports.indices { reports[model].skipped += 1 }
      }
    }
    let texts = items.map(\.ids)
    let suppressed = suppressed
    let floats = try reference.forEach(count: texts.count) {
      index, session throws(ReferenceError) -> ([[[Float]]], [LogProbabilities]) in
      let steps = try session.read(texts[index].dropLast())
      return (steps.map(\.layers), steps.map { LogProbabilities($0.logits, without: suppressed) })
    }
    for (item, (layers, distributions)) in zip(items, floats) {
      for index in models.indices {
        compare(item.ids, item.place, layers, distributions, &models[index].model, &reports[index])
      }
    }
  }

  private func compare(
    _ ids: [Int], _ line: Report.Place, _ floatLayers: [[[Float]]], _ distributions: [LogProbabilities],
    _ model: inout Int8Model, _ report: inout Report
  ) {
    report.sentences += 1
    var worst: (comparison: TokenComparison, token: Int)?
    model.begin()
    for (place, p) in distributions.enumerated() {
      let (layers, logits) = model.step(ids[place])
      let (q, token) = (LogProbabilities(logits, without: suppressed), ids[place + 1])
      report.addDecoder(floatLayers[place], layers)
      let comparison = TokenComparison(p, q, token: token)
      report.add(comparison, line: line.line, token: place + 2, text: line.text)
      report.addGiven(ScoredToken(p, token: token), ScoredToken(q, token: token))
      if comparison.divergence > worst?.comparison.divergence ?? -1 { worst = (comparison, place + 2) }
    }
    guard let worst else { return }
    report.keep(divergence: worst.comparison.divergence) {
      WorstLine(
        worst.comparison, Report.Place(line: line.line, token: worst.token, text: line.text),
        piece: { model.piece($0) })
    }
  }
}
