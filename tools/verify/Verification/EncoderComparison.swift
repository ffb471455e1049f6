import SwiftletFloatReference
import SwiftletModelFile

/// Compares encoders alone: their states, and what their heads make of them.
struct EncoderComparison: ~Copyable {
  private let reference: FloatModel
  private var model: Int8Encoder

  init(_ reference: FloatModel, _ model: consuming Int8Encoder) {
    self.reference = reference
    self.model = model
  }

  mutating func run(_ lines: [String], _ report: inout Report, _ progress: (Int) -> Void) throws {
    for start in stride(from: 0, to: lines.count, by: Verifier.linesPerBatch) {
      var batch: [(number: Int, ids: [Int])] = []
      for number in start..<min(start + Verifier.linesPerBatch, lines.count) {
        if let ids = try model.tokens(lines[number]) {
          batch.append((number, ids))
        } else {
          report.skipped += 1
        }
      }
      let (items, reference) = (batch, reference)
      let floats = try reference.forEach(count: items.count) {
        index, session throws(ReferenceError) -> ([[Float]], [[Float]]) in
        let states = try session.encoderStates(items[index].ids)
        return (states.layers, try reference.head(states.output))
      }
      for (index, (line, (layers, head))) in zip(batch, floats).enumerated() {
        report.sentences += 1
        report.addEncoder(layers, model.encode(line.ids))
        compareHead(head, line.ids, line: line.number + 1, lines[line.number], &report)
        progress(start + index + 1)
      }
    }
  }

  /// Scores are compared as distributions, vectors by their cosine.
  private mutating func compareHead(
    _ head: [[Float]], _ ids: [Int], line: Int, _ text: String, _ report: inout Report
  ) {
    let choices = model.architecture.head
    for (token, float) in head.enumerated() {
      let int8 = model.head(token: token)
      if choices.predictsTokens || choices.classes > 0 {
        let place = choices.predictsTokens ? ids[token] : float.indices.max { float[$0] < float[$1] } ?? 0
        let comparison = TokenComparison(reference: float, logits: int8, token: place, suppressed: [])
        report.add(comparison, line: line, token: token + 1, text: text)
      } else {
        report.addVector(float, int8, line: line, text)
      }
    }
  }
}
