import Foundation
import SwiftletFloatReference
import Testing

/// The reference against PyTorch, on a thousand sentences.
@Suite struct GoldenTests {
  @Test func greedyTranslationsArePyTorchs() throws {
    let model = try FloatModel(source: TrainedModel.directory)
    let goldens = try TrainedModel.goldens()
    try #require(goldens.count == 1000)
    let begin = ContinuousClock.now
    let results = try model.forEach(count: goldens.count) { (index, session) throws(ReferenceError) in
      try session.greedy(source: goldens[index].source, maxTokens: 128)
    }
    let seconds = ContinuousClock.now - begin
    var identical = 0
    var error = 0.0
    for (golden, result) in zip(goldens, results) where golden.ids == result.ids {
      identical += 1
      for (mine, theirs) in zip(result.logProbabilities, golden.logProbabilities) {
        error = max(error, abs(Double(mine) - theirs))
      }
    }
    print(
      "greedy: \(identical) of \(goldens.count) identical, largest log-probability error \(error), \(seconds)"
    )
    #expect(identical >= 995)
    #expect(error < 1e-3)
  }

  @Test func teacherForcingAgreesWithPyTorch() throws {
    let model = try FloatModel(source: TrainedModel.directory)
    let goldens = try TrainedModel.goldens()
    let begin = ContinuousClock.now
    let errors = try model.forEach(count: goldens.count) { (index, session) throws(ReferenceError) in
      let golden = goldens[index]
      let forced = try session.teacherForced(source: golden.source, target: golden.ids)
      var error = 0.0
      for (step, id) in golden.ids.enumerated() {
        error = max(error, abs(Double(forced.logProbabilities[step][id]) - golden.logProbabilities[step]))
      }
      return error
    }
    let largest = errors.max() ?? .infinity
    print("teacher-forced: largest log-probability error \(largest), \(ContinuousClock.now - begin)")
    #expect(largest < 1e-3)
  }
}
