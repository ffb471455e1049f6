import SwiftletFloatReference
import SwiftletModelFile

/// Compares models with both stacks: on what the reference translates each line to, and on references.
struct TranslationComparison: Comparison {
  let reference: FloatModel
  let models: [Shared<Int8Model>]
  private let suppressed: Set<Int>
  private let control: Set<Int>

  init(_ reference: FloatModel, _ models: [Shared<Int8Model>]) {
    self.reference = reference
    self.models = models
    suppressed = models[0].model.decoding.suppressedTokens
    control = models[0].model.controlTokens
  }

  /// A line as tokens.
  private struct Item: Sendable {
    let number: Int
    let line: VerificationText.Line
    let source: [Int]
    /// The first reference, where there is one that fits.
    let given: [Int]?
  }

  /// What the reference makes of a line.
  private struct FloatResult: Sendable {
    let encoderLayers: [[Float]]
    let target: [Int]
    let steps: [FloatSession.Step]
    let distributions: [LogProbabilities]
    /// The first reference as a target; empty where there is none.
    let given: [Int]
    let givenScores: [ScoredToken]
  }

  func run(_ lines: ArraySlice<VerificationText.Line>, _ reports: inout [Report]) throws {
    var items: [Item] = []
    for (index, line) in zip(lines.indices, lines) {
      if let source = models[0].model.tokens(line.text) {
        let given = line.others.first.flatMap { models[0].model.target($0) }
        items.append(Item(number: index + 1, line: line, source: source, given: given))
      } else {
        for model in reports.indices { reports[model].skipped += 1 }
      }
    }
    for (item, float) in zip(items, try translate(items)) {
      for index in models.indices { compare(item, float, &models[index].model, &reports[index]) }
    }
  }

  private func translate(_ items: [Item]) throws(ReferenceError) -> [FloatResult] {
    let (longest, first) = (models[0].model.longestTarget, models[0].model.decoding.firstToken)
    let (suppressed, control) = (suppressed, control)
    let start = reference.decoding.startToken
    return try reference.forEach(count: items.count) { index, session throws(ReferenceError) -> FloatResult in
      let encoded = try session.encode(items[index].source)
      let (target, steps) = try session.greedySteps(maxTokens: longest, firstToken: first)
      var given: [ScoredToken] = []
      var tokens = items[index].given ?? []
      if !tokens.isEmpty {
        // Some models begin every target with a token that is no text.
        if let first = target.first, control.contains(first), tokens[0] != first {
          tokens.insert(first, at: 0)
        }
        session.begin()
        for (step, token) in zip(try session.read([start] + tokens.dropLast()), tokens) {
          given.append(ScoredToken(LogProbabilities(step.logits, without: suppressed), token: token))
        }
      }
      return FloatResult(
        encoderLayers: encoded.layers, target: target, steps: steps,
        distributions: steps.map { LogProbabilities($0.logits, without: suppressed) }, given: tokens,
        givenScores: given)
    }
  }

  private func compare(_ item: Item, _ float: FloatResult, _ model: inout Int8Model, _ report: inout Report) {
    let translation = model.translate(item.line.text)?.target ?? []
    report.sentences += 1
    if translation == float.target { report.identical += 1 }
    report.addEncoder(float.encoderLayers, model.encode(item.source))
    var worst: (comparison: TokenComparison, token: Int)?
    model.begin()
    var previous = model.decoding.startToken
    for (place, token) in float.target.enumerated() {
      let (layers, logits) = model.step(previous)
      report.addDecoder(float.steps[place].layers, layers)
      let comparison = TokenComparison(
        float.distributions[place], LogProbabilities(logits, without: suppressed), token: token)
      report.add(comparison, line: item.number, token: place + 1, text: item.line.text)
      if item.line.others.isEmpty {
        report.perplexity.add(
          comparison.logProbability, comparison.logProbability + comparison.logProbabilityError)
      }
      if comparison.divergence > worst?.comparison.divergence ?? -1 { worst = (comparison, place + 1) }
      previous = token
    }
    addGiven(float, &model, &report)
    let texts = (model.text(float.target), model.text(translation))
    if !item.line.others.isEmpty { report.translations.add(texts.0, texts.1, item.line.others) }
    guard let worst else { return }
    report.keep(divergence: worst.comparison.divergence) {
      WorstLine(
        worst.comparison, Report.Place(line: item.number, token: worst.token, text: item.line.text),
        translations: texts, piece: { model.piece($0) })
    }
  }

  /// Reads the first reference's tokens.
  private func addGiven(
    _ float: FloatResult, _ model: inout Int8Model, _ report: inout Report
  ) {
    guard !float.given.isEmpty else { return }
    model.begin()
    var previous = model.decoding.startToken
    for (token, scored) in zip(float.given, float.givenScores) {
      let logits = model.step(previous).logits
      report.addGiven(
        scored, ScoredToken(LogProbabilities(logits, without: suppressed), token: token))
      previous = token
    }
  }
}

extension WorstLine {
  init(
    _ comparison: TokenComparison, _ place: Report.Place, translations: (String, String)? = nil,
    piece: (Int) -> String
  ) {
    self.init(
      place: place, divergence: comparison.divergence, piece: piece(comparison.token),
      reference: Guess(
        piece: piece(comparison.reference.top), probability: comparison.reference.confidence),
      model: Guess(piece: piece(comparison.model.top), probability: comparison.model.confidence),
      referenceText: translations?.0, modelText: translations?.1)
  }
}

extension DecodingDefaults {
  /// The tokens that are never chosen.
  var suppressedTokens: Set<Int> { Set((0..<suppressedCount).map { suppressedToken($0) }) }
}
