import SwiftletFloatReference
import SwiftletModelFile

/// Compares encoders alone: their states, and what their heads make of them.
struct EncoderComparison: Comparison {
  let reference: FloatModel
  let models: [Shared<Int8Encoder>]

  /// What the reference makes of a text.
  private struct FloatResult: Sendable {
    let layers: [[Float]]
    let head: [[Float]]
  }

  func run(_ lines: ArraySlice<VerificationText.Line>, _ reports: inout [Report]) throws {
    var items: [(place: Report.Place, ids: [Int], second: [Int]?)] = []
    for (index, line) in zip(lines.indices, lines) {
      if let ids = try models[0].model.tokens(line.text) {
        let second = try line.others.first.flatMap { try models[0].model.tokens($0) }
        items.append((Report.Place(line: index + 1, text: line.text), ids, second))
      } else {
        for model in reports.indices { reports[model].skipped += 1 }
      }
    }
    let isVectors = reports[0].kind == .vectors
    let firsts = try run(items.map(\.ids))
    let seconds = isVectors ? try run(items.map { $0.second ?? [] }) : []
    for (place, item) in items.enumerated() {
      for index in models.indices {
        reports[index].sentences += 1
        reports[index].addEncoder(firsts[place].layers, models[index].model.encode(item.ids))
        compareHead(firsts[place].head, item.ids, item.place, &models[index].model, &reports[index])
        guard isVectors else { continue }
        comparePair(
          firsts[place].head, seconds[place].head, item.second, &models[index].model,
          &reports[index].pairs)
      }
    }
  }

  private func run(_ texts: [[Int]]) throws(ReferenceError) -> [FloatResult] {
    let reference = reference
    return try reference.forEach(count: texts.count) {
      index, session throws(ReferenceError) -> FloatResult in
      if texts[index].isEmpty { return FloatResult(layers: [], head: []) }
      let states = try session.encoderStates(texts[index])
      return FloatResult(layers: states.layers, head: try reference.head(states.output))
    }
  }

  /// Scores are compared as distributions, vectors by their cosine.
  private func compareHead(
    _ head: [[Float]], _ ids: [Int], _ line: Report.Place, _ model: inout Int8Encoder, _ report: inout Report
  ) {
    let choices = model.architecture.head
    var worst: (comparison: TokenComparison, token: Int)?
    for (token, float) in head.enumerated() {
      let int8 = model.head(token: token)
      guard choices.predictsTokens || choices.classes > 0 else {
        report.addVector(float, int8, line: line.line, line.text)
        continue
      }
      let (p, q) = (LogProbabilities(float, without: []), LogProbabilities(int8, without: []))
      let there = choices.predictsTokens ? ids[token] : p.top
      let comparison = TokenComparison(p, q, token: there)
      report.add(comparison, line: line.line, token: token + 1, text: line.text)
      if choices.predictsTokens {
        report.addGiven(ScoredToken(p, token: there), ScoredToken(q, token: there))
      }
      if comparison.divergence > worst?.comparison.divergence ?? -1 { worst = (comparison, token + 1) }
    }
    guard let worst else { return }
    report.keep(divergence: worst.comparison.divergence) {
      WorstLine(
        worst.comparison, Report.Place(line: line.line, token: worst.token, text: line.text),
        piece: { choices.predictsTokens ? model.piece($0) : "class \($0)" })
    }
  }

  /// The cosine of a line's vector with its second text's, or with the vector of the line before.
  private func comparePair(
    _ head: [[Float]], _ second: [[Float]], _ secondIDs: [Int]?, _ model: inout Int8Encoder,
    _ pairs: inout Pairs
  ) {
    // Only where a text has one vector.
    guard model.architecture.head.pooling != .none else { return }
    let own = (reference: head[0], model: model.head(token: 0))
    var other = pairs.before
    if let secondIDs {
      _ = model.encode(secondIDs)
      other = (second[0], model.head(token: 0))
    }
    pairs.before = own
    guard let other else { return }
    pairs.reference.append(cosineSimilarity(own.reference, other.reference))
    pairs.model.append(cosineSimilarity(own.model, other.model))
  }
}
