import SourcesTestSupport
import SwiftletDecoding
import Testing

/// Beam search over scores that are made up.
struct BeamTests {
  private static func scorer(_ seed: UInt64, vocabulary: Int, sources: Int, slots: Int) -> TableScorer {
    TableScorer(vocabulary: vocabulary, sources: sources, slots: slots) {
      pseudorandomLogits(seed, vocabulary: vocabulary, $0, $1)
    }
  }

  /// All targets of up to `longest` tokens, with their scores.
  ///
  /// - Parameter stop: Tokens that end a target when they come in a row.
  private static func all(
    _ seed: UInt64, vocabulary: Int, longest: Int, penalty: Double, stop: [Int]? = nil, ids: [Int] = [],
    sum: Double = 0
  ) -> [(score: Double, ids: [Int])] {
    let isStopped = stop.map { ids.suffix($0.count) == $0[...] } ?? false
    if ids.last == 0 || ids.count == longest || isStopped {
      return [(sum / exponentialOf(penalty * logarithm(Double(ids.count))), ids)]
    }
    let values = logSoftmax(
      pseudorandomLogits(seed, vocabulary: vocabulary, 0, [1] + ids.map { UInt32($0) }))
    return values.indices.flatMap {
      all(
        seed, vocabulary: vocabulary, longest: longest, penalty: penalty, stop: stop,
        ids: ids + [$0], sum: sum + values[$0])
    }
  }

  /// A beam as wide as the tree finds the best of all targets, in their order, whatever ends them.
  @Test(arguments: [Float(0), 0.7, 1, 1.5], [nil, [2], [3, 2]])
  func aWideBeamFindsTheBest(penalty: Float, stop: [Int]?) throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for _ in 0..<20 {
      let seed = random.next()
      var settings = SearchSettings()
      (settings.beams, settings.nBest, settings.lengthPenalty) = (64, 5, penalty)
      settings.earlyStopping = .never
      let found = try search(
        settings, Self.scorer(seed, vocabulary: 4, sources: 1, slots: 64), sources: 1, longest: 3
      ) { _, ids in
        guard let stop, ids.count >= stop.count else { return false }
        return stop.indices.allSatisfy { Int(ids[ids.count - stop.count + $0]) == stop[$0] }
      }[0]
      let expected = Self.all(seed, vocabulary: 4, longest: 3, penalty: Double(penalty), stop: stop)
        .sorted { $0.score > $1.score }
      for rank in 0..<5 {
        #expect(found[rank].ids == expected[rank].ids, "seed \(seed), rank \(rank)")
        #expect(abs(Double(found[rank].score) - expected[rank].score) < 1e-4)
      }
    }
  }

  /// Sentences of a batch get what each gets alone.
  @Test func batchesAreOneByOne() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for _ in 0..<20 {
      let seed = random.next()
      var settings = SearchSettings()
      settings.beams = Int.random(in: 2...6, using: &random)
      settings.nBest = settings.beams
      settings.lengthPenalty = Float.random(in: 0...2, using: &random)
      settings.patience = [0.5, 1, 2].randomElement(using: &random)!
      settings.nBest = min(settings.nBest, settings.finishedHypotheses)
      settings.noRepeatNGram = Int.random(in: 0...2, using: &random)
      settings.minimumTokens = Int.random(in: 0...4, using: &random)
      settings.repetitionPenalty = [1, 1.3].randomElement(using: &random)!
      settings.earlyStopping = [.heuristic, .whenFull, .never].randomElement(using: &random)!
      let together = try search(
        settings, Self.scorer(seed, vocabulary: 70, sources: 5, slots: 5 * settings.beams), sources: 5,
        longest: 12)
      for source in 0..<5 {
        let alone = TableScorer(vocabulary: 70, sources: 1, slots: settings.beams) {
          pseudorandomLogits(seed, vocabulary: 70, source, $1)
        }
        #expect(try search(settings, alone, sources: 1, longest: 12)[0] == together[source], "seed \(seed)")
      }
    }
  }

  /// Every hypothesis' log-probabilities are those of its tokens, and its score their sum over its length.
  @Test func scoresAreSumsOfLogProbabilities() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let seed = random.next()
    var settings = SearchSettings()
    (settings.beams, settings.nBest, settings.lengthPenalty) = (4, 4, 0.8)
    for hypothesis in try search(
      settings, Self.scorer(seed, vocabulary: 50, sources: 1, slots: 4), sources: 1, longest: 20)[0]
    {
      var history: [UInt32] = [1]
      var sum = 0.0
      for (id, value) in zip(hypothesis.ids, hypothesis.logProbabilities) {
        let expected = logSoftmax(pseudorandomLogits(seed, vocabulary: 50, 0, history))[id]
        #expect(abs(Double(value) - expected) < 1e-5)
        sum += expected
        history.append(UInt32(id))
      }
      let length = exponentialOf(0.8 * logarithm(Double(hypothesis.ids.count)))
      #expect(abs(Double(hypothesis.score) - sum / length) < 1e-4)
    }
  }

  /// Every hypothesis' score has what its steps attended to.
  @Test func scoresHaveTheirCoverage() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    let seed = random.next()
    var settings = SearchSettings()
    (settings.beams, settings.nBest, settings.coveragePenalty) = (4, 4, 0.3)
    let scorer = Self.scorer(seed, vocabulary: 50, sources: 1, slots: 4)
    func attention(_ history: [UInt32]) -> [Float] {
      let values = pseudorandomLogits(seed &+ 1, vocabulary: 3, 0, history)
      return logSoftmax(values).map { Float(exponentialOf($0)) }
    }
    scorer.attention = attention
    for hypothesis in try search(settings, scorer, sources: 1, longest: 20)[0] {
      var history: [UInt32] = [1]
      var sums = [0.0, 0, 0]
      for id in hypothesis.ids {
        sums = zip(sums, attention(history)).map { $0 + Double($1) }
        history.append(UInt32(id))
      }
      let mean = hypothesis.logProbabilities.reduce(0) { $0 + Double($1) } / Double(hypothesis.ids.count)
      let coverage = sums.reduce(0) { $0 + logarithm(min($1, 1)) }
      #expect(abs(Double(hypothesis.score) - (mean + 0.3 * coverage)) < 1e-4)
    }
  }

  @Test func logitsWithoutMeaningEndTheSearch() throws {
    var settings = SearchSettings()
    settings.beams = 3
    for value in [Float.nan, -.infinity] {
      let scorer = TableScorer(vocabulary: 9, sources: 2, slots: 6) { _, _ in
        Array(repeating: value, count: 9)
      }
      let found = try search(settings, scorer, sources: 2, longest: 5)
      #expect(found.allSatisfy { $0.count == 1 && $0[0].ids == [] })
    }
  }
}
