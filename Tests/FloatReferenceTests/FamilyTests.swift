import SourcesTestSupport
import SwiftletFloatReference
import Testing

/// Every family against PyTorch: tiny models with random weights, all positions.
@Suite struct FamilyTests {
  @Test func thereAreGoldens() { #expect(FamilyGolden.names.count >= 30) }

  @Test(arguments: FamilyGolden.names) func computesWhatPyTorchComputes(_ name: String) throws {
    let golden = try FamilyGolden(name)
    let directory = try TemporaryDirectory()
    try golden.write(to: directory)
    let model = try FloatModel(source: directory.path)
    var session = FloatSession(model)
    var error: Float = 0
    if !golden.encoder.isEmpty {
      let states = try session.encoderStates(golden.source, segments: golden.segments)
      let rows = golden.encoder.flatMap { $0 }
      error = difference(rows, states.output)
      if !golden.head.isEmpty {
        error = max(
          error, difference(golden.head.flatMap { $0 }, try model.head(states.output).flatMap { $0 }))
      }
    }
    if !golden.logits.isEmpty {
      if !golden.source.isEmpty { try session.encode(golden.source) }
      let steps = try session.read(golden.target)
      error = max(error, difference(golden.logits.flatMap { $0 }, steps.flatMap(\.logits)))
      session.begin()
      for (place, token) in golden.target.enumerated() {
        error = max(error, difference(golden.logits[place], try session.decode(token).logits))
      }
    }
    print("\(name): largest difference from PyTorch \(error)")
    #expect(error < 1e-4)
  }

  private func difference(_ expected: [Float], _ found: [Float]) -> Float {
    guard expected.count == found.count else { return .infinity }
    return zip(expected, found).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
