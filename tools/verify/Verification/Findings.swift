import Swiftlet
import SwiftletFloatReference
import SwiftletModelFile

/// All that a verification found of one model.
public struct Findings: Codable, Sendable {
  /// The model's file.
  public let path: String
  /// Sizes and memory.
  public let facts: ModelFacts
  /// The comparison on the text.
  public let report: Report
  /// The comparison of tensors.
  public let tensors: [TensorFinding]
  /// What costs most, where that was asked for.
  public let sensitivity: [Sensitivity]

  package init(
    path: String, facts: ModelFacts, report: Report, tensors: [TensorFinding], sensitivity: [Sensitivity]
  ) {
    self.path = path
    self.facts = facts
    self.report = report
    self.tensors = tensors
    self.sensitivity = sensitivity
  }
}

extension Verifier {
  /// How many lines give the inputs that tensors are compared on.
  static let exerciseLines = 16

  /// Verifies all models: on the text, then tensor by tensor.
  ///
  /// - Parameters:
  ///   - state: A file that keeps how far the run has come, and that the run goes on from.
  ///   - asksSensitivity: Whether the reference is run with one tensor at a time quantised.
  ///   - progress: Called with a line that says what is done.
  /// - Throws: `VerificationError.nothing` if no line could be verified.
  public func findings(
    _ text: VerificationText, state: String? = nil, asksSensitivity: Bool = false,
    progress: (String) -> Void = { _ in }
  ) throws -> [Findings] {
    let reports = try verify(text, state: state) { progress("\($0)/\(text.lines.count) lines") }
    guard reports[0].sentences > 0 else { throw VerificationError.nothing(path: text.path) }
    progress("comparing tensors")
    let exercises = try exercises(text, count: Self.exerciseLines)
    var inputs: [TensorName: FloatMatrix]?
    return try reports.indices.map { index in
      let file = try Self.open(paths[index])
      let names = try TensorComparison(reference, file, [:]).quantized
      let known = try inputs ?? InputRecorder.inputs(of: names, reference, exercises)
      inputs = known
      let tensors = try TensorComparison(reference, file, known).findings()
      let sensitivity =
        asksSensitivity
        ? try sensitivity(model: index, text) { progress("quantising one tensor at a time: \($0)/\($1)") }
        : []
      let facts: ModelFacts
      do throws(SwiftletError) { facts = try ModelFacts(file) } catch {
        throw VerificationError.model(path: paths[index], error)
      }
      return Findings(
        path: paths[index], facts: facts, report: reports[index], tensors: tensors, sensitivity: sensitivity)
    }
  }
}
