import Foundation
import SourcesTestSupport
import Swiftlet
import SwiftletConversion
import SwiftletModelFile
import SwiftletVerification
import Testing

/// Files whose inputs have factors and shifts, or two parts: what is a little too large fails and is named there, too.
@Suite struct CalibratedDamageTests {
  /// The English-French model, calibrated with a few sentences, all inputs that may have them in two parts.
  static let model: String = {
    guard let directory = try? TemporaryDirectory() else { return "/nonexistent" }
    let path = "\(directory.path)/model.swiftlet"
    var options = QuantizationOptions()
    options.refinement = .all
    let lines = try? String(contentsOfFile: "\(AccuracyTests.weights)/calibration.txt", encoding: .utf8)
    let some = (lines ?? "").split(separator: "\n").prefix(60).joined(separator: "\n")
    guard let text = try? directory.write(some, to: "text") else { return path }
    _ = try? Converter.convert(
      AccuracyTests.weights, to: path, options, calibration: CalibrationText(path: text))
    return path
  }()

  /// The verdict on ten lines.
  private func judge(_ path: String) throws -> Verdict {
    let text = try VerificationText(path: "\(AccuracyTests.weights)/dev.tsv", limit: 10)
    return Verdict(
      try Verifier(source: AccuracyTests.weights, model: path).findings(text)[0], VerdictLimits())
  }

  /// The verdict on the model after some damage.
  private func verdict(after damage: (inout PatchedModel) throws -> Void) throws -> Verdict {
    let directory = try TemporaryDirectory()
    var model = try PatchedModel(Self.model)
    try damage(&model)
    try model.write(to: "\(directory.path)/damaged.swiftlet")
    return try judge("\(directory.path)/damaged.swiftlet")
  }

  /// Expects a verdict that fails, with one tensor's parts alone as offenders of a check.
  private func expect(_ verdict: Verdict, names name: String, in check: String) throws {
    let check = try #require(verdict.checks.first { $0.name == check })
    #expect(!verdict.passes && !check.offenders.isEmpty, "\(name)")
    #expect(check.offenders.allSatisfy { $0.hasPrefix(name) }, "\(name): \(check.offenders)")
  }

  /// The names of some tensors of the model.
  private func tensors(_ isChosen: (Tensor) -> Bool) throws -> [String] {
    let file = try unsafe openModelFile(Self.model)
    var names: [String] = []
    for index in 0..<file.tensorCount {
      let tensor = try file.tensor(at: index)
      if isChosen(tensor) { names.append(tensor.name.description) }
    }
    return names
  }

  @Test func theSoundModelPasses() throws {
    let verdict = try judge(Self.model)
    #expect(verdict.passes, "\(verdict.failures.map(\.complaint))")
  }

  @Test func scalesTwoPercentTooLargeAreNamed() throws {
    let mapped = try tensors { $0.inputs != 0 }
    let refined = try tensors { $0.refinesInputs && $0.inputs == 0 && $0.name.part != .output }
    for name in [try #require(mapped.first), try #require(refined.last)] {
      let verdict = try verdict { try $0.scale(name, in: Self.model, by: 1.02) }
      try expect(verdict, names: name, in: "tensor-gain")
    }
  }

  /// Inputs are multiplied by a factor when they are quantised, and nothing undoes it.
  @Test func factorsTwoPercentTooLargeAreNamed() throws {
    let name = try #require(try tensors { $0.inputs != 0 }.last)
    let verdict = try verdict { try $0.scaleFactors(of: name, in: Self.model, by: 1.02) }
    try expect(verdict, names: name, in: "tensor-gain")
  }

  /// One input's factor doubled is in no row's gain alone: the outputs' error tells it.
  @Test func oneFactorTooLargeIsNamed() throws {
    let name = try #require(try tensors { $0.inputs != 0 }.first)
    let verdict = try verdict { try $0.scaleFactors(of: name, in: Self.model, by: 2, columns: 17..<18) }
    try expect(verdict, names: name, in: "tensor-error")
  }

  /// Neither gains nor errors of outputs have it: it is the same for every input.
  @Test(arguments: [1.02, 0.5, -1]) func biasesThatAreOffAreNamed(_ factor: Float) throws {
    let name = try #require(try tensors { $0.bias != 0 && $0.inputs == 0 }.last)
    let verdict = try verdict { try $0.scaleBias(of: name, in: Self.model, by: factor, rows: 5..<6) }
    let biases = try #require(verdict.checks.first { $0.name == "tensor-biases" })
    #expect(!verdict.passes && biases.value == "1")
    #expect(biases.offenders[0].hasPrefix("\(name) has 1, row 5 is "), "\(biases.offenders)")
    #expect(verdict.failures.map(\.name) == ["tensor-biases"])
  }

  /// The bias takes out again what shifts give.
  @Test func shiftsTenPercentTooLargeAreNamed() throws {
    let name = try #require(try tensors { $0.inputs != 0 }.first)
    let verdict = try verdict { try $0.scaleShifts(of: name, in: Self.model, by: 1.1) }
    try expect(verdict, names: name, in: "tensor-biases")
  }
}
