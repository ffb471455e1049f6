import SwiftletFloatReference

/// Compares decoders alone: on the text itself.
struct TextComparison: ~Copyable {
  private let reference: FloatModel
  private var model: Int8Model
  private let suppressed: Set<Int>

  init(_ reference: FloatModel, _ model: consuming Int8Model) {
    self.reference = reference
    suppressed = model.decoding.suppressedTokens
    self.model = model
  }

  mutating func run(_ lines: [String], _ report: inout Report, _ progress: (Int) -> Void) throws {
    for start in stride(from: 0, to: lines.count, by: Verifier.linesPerBatch) {
      var batch: [(number: Int, ids: [Int])] = []
      for number in start..<min(start + Verifier.linesPerBatch, lines.count) {
        // The first token is read, and every other is scored.
        if let ids = model.tokens(lines[number]), ids.count > 1 {
          batch.append((number, ids))
        } else {
          report.skipped += 1
        }
      }
      let items = batch
      let floats = try reference.forEach(count: items.count) { index, session throws(ReferenceError) in
        try session.read(items[index].ids.dropLast())
      }
      for (index, (line, steps)) in zip(batch, floats).enumerated() {
        compare(line.ids, steps, line: line.number + 1, lines[line.number], &report)
        progress(start + index + 1)
      }
    }
  }

  private mutating func compare(
    _ ids: [Int], _ steps: [FloatSession.Step], line: Int, _ text: String, _ report: inout Report
  ) {
    report.sentences += 1
    model.begin()
    for (place, step) in steps.enumerated() {
      let (layers, logits) = model.step(ids[place])
      report.addDecoder(step.layers, layers)
      let comparison = TokenComparison(
        reference: step.logits, logits: logits, token: ids[place + 1], suppressed: suppressed)
      report.add(comparison, line: line, token: place + 2, text: text)
    }
  }
}
