import Foundation
import Swiftlet
import SwiftletFloatReference
import SwiftletModelFile
import SwiftletSources

/// Runs a float reference and an int8 model side by side over a text.
///
/// The reference reads the source itself and shares no arithmetic with the int8 pass. It translates each line
/// greedily; then both read that translation (teacher forcing), and their distributions and states are compared
/// token by token. The int8 model's own greedy translation is compared too.
public struct Verifier: ~Copyable {
  private let reference: FloatModel
  private var model: Int8Model
  private let suppressed: Set<Int>
  /// Lines whose float results are held at a time.
  private static let linesPerBatch = 64

  /// Opens both.
  ///
  /// - Throws: `SourceError`, `VerificationError`.
  public init(source: String, model path: String) throws {
    let reference = try FloatModel(source: source)
    let model = try Int8Model(path: path)
    let (f, a) = (reference.architecture, model.architecture)
    for (what, float, int8) in [
      ("the vocabulary", f.targetVocabulary, a.targetVocabulary), ("the width", f.width, a.width),
      ("the count of encoder layers", f.encoderLayers, a.encoderLayers),
      ("the count of decoder layers", f.decoderLayers, a.decoderLayers),
    ] where float != int8 {
      throw VerificationError.mismatch(what: what, source: float, model: int8)
    }
    let decoding = model.decoding
    suppressed = Set((0..<decoding.suppressedCount).map { decoding.suppressedToken($0) })
    self.reference = reference
    self.model = model
  }

  /// Verifies line after line.
  ///
  /// - Parameter progress: Called with the count of lines that are done.
  public mutating func verify(_ lines: [String], progress: (Int) -> Void = { _ in }) throws -> Report {
    var report = Report()
    report.layers =
      (0..<model.architecture.encoderLayers).map { ("encoder layer \($0)", Similarity()) }
      + (0..<model.architecture.decoderLayers).map { ("decoder layer \($0)", Similarity()) }
    var done = 0
    for start in stride(from: 0, to: lines.count, by: Self.linesPerBatch) {
      var batch: [Line] = []
      for number in start..<min(start + Self.linesPerBatch, lines.count) {
        if let (source, target) = model.translate(lines[number]) {
          batch.append(Line(number: number + 1, text: lines[number], source: source, int8Target: target))
        } else {
          report.skipped += 1
        }
      }
      try verify(batch, &report) {
        done += 1
        progress(start + done)
      }
      done = 0
    }
    return report
  }

  /// A line that the int8 model has translated.
  private struct Line: Sendable {
    let number: Int
    let text: String
    let source: [Int]
    let int8Target: [Int]
  }

  private mutating func verify(_ batch: [Line], _ report: inout Report, _ progress: () -> Void) throws {
    let longest = model.longestTarget
    let floats = try reference.forEach(count: batch.count) {
      index, session throws(ReferenceError) -> ([Int], TeacherForced) in
      let target = try session.greedy(source: batch[index].source, maxTokens: longest).ids
      return (target, try session.teacherForced(source: batch[index].source, target: target))
    }
    for (line, (target, float)) in zip(batch, floats) {
      report.sentences += 1
      if target == line.int8Target { report.identical += 1 }
      compare(line, target, float, &report)
      progress()
    }
  }

  private mutating func compare(_ line: Line, _ target: [Int], _ float: TeacherForced, _ report: inout Report)
  {
    let width = model.architecture.width
    for (index, states) in model.encode(line.source).enumerated() {
      for token in line.source.indices {
        let row = token * width..<(token + 1) * width
        report.layers[index].similarity.add(float.encoderLayers[index][row], states[row])
      }
    }
    let first = model.architecture.encoderLayers
    var previous = model.decoding.startToken
    for (place, token) in target.enumerated() {
      let (layers, logits) = model.step(previous)
      for (index, state) in layers.enumerated() {
        report.layers[first + index].similarity.add(float.decoderLayers[index][place], state)
      }
      let comparison = TokenComparison(
        reference: float.logProbabilities[place], logits: logits, token: token, suppressed: suppressed)
      report.add(comparison, line: line.number, token: place + 1, text: line.text)
      previous = token
    }
  }
}

extension Report {
  mutating func add(_ comparison: TokenComparison, line: Int, token: Int, text: String) {
    tokens += 1
    if comparison.sameTop { sameTop += 1 }
    divergence.add(comparison.divergence)
    logProbabilityError.add(abs(comparison.logProbabilityError))
    probabilityError.add(abs(comparison.probabilityError))
    if comparison.divergence > worst.divergence { worst = (line, token, text, comparison.divergence) }
  }
}
