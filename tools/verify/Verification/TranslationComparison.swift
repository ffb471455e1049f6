import SwiftletFloatReference
import SwiftletModelFile

/// Compares models with both stacks: on what the reference translates each line to.
struct TranslationComparison: ~Copyable {
  private let reference: FloatModel
  private var model: Int8Model
  private let suppressed: Set<Int>

  init(_ reference: FloatModel, _ model: consuming Int8Model) {
    self.reference = reference
    suppressed = model.decoding.suppressedTokens
    self.model = model
  }

  /// A line that the int8 model has translated.
  private struct Line: Sendable {
    let number: Int
    let text: String
    let source: [Int]
    let int8Target: [Int]
  }

  mutating func run(_ lines: [String], _ report: inout Report, _ progress: (Int) -> Void) throws {
    for start in stride(from: 0, to: lines.count, by: Verifier.linesPerBatch) {
      var batch: [Line] = []
      for number in start..<min(start + Verifier.linesPerBatch, lines.count) {
        if let (source, target) = model.translate(lines[number]) {
          batch.append(Line(number: number + 1, text: lines[number], source: source, int8Target: target))
        } else {
          report.skipped += 1
        }
      }
      try compare(batch, &report) { progress(start + $0) }
    }
  }

  private mutating func compare(_ batch: [Line], _ report: inout Report, _ progress: (Int) -> Void) throws {
    let longest = model.longestTarget
    let floats = try reference.forEach(count: batch.count) {
      index, session throws(ReferenceError) -> ([Int], TeacherForced) in
      let target = try session.greedy(source: batch[index].source, maxTokens: longest).ids
      return (target, try session.teacherForced(source: batch[index].source, target: target))
    }
    for (index, (line, (target, float))) in zip(batch, floats).enumerated() {
      report.sentences += 1
      if target == line.int8Target { report.identical += 1 }
      compare(line, target, float, &report)
      progress(index + 1)
    }
  }

  private mutating func compare(
    _ line: Line, _ target: [Int], _ float: TeacherForced, _ report: inout Report
  ) {
    report.addEncoder(float.encoderLayers, model.encode(line.source))
    var previous = model.decoding.startToken
    for (place, token) in target.enumerated() {
      let (layers, logits) = model.step(previous)
      report.addDecoder(float.decoderLayers.map { $0[place] }, layers)
      let comparison = TokenComparison(
        reference: float.logProbabilities[place], logits: logits, token: token, suppressed: suppressed)
      report.add(comparison, line: line.number, token: place + 1, text: line.text)
      previous = token
    }
  }
}

extension DecodingDefaults {
  /// The tokens that are never chosen.
  var suppressedTokens: Set<Int> { Set((0..<suppressedCount).map { suppressedToken($0) }) }
}
