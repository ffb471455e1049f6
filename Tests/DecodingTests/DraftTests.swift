import SourcesTestSupport
import SwiftletDecoding
import Testing

/// Guessed tokens change how many steps a target takes, and nothing else.
struct DraftTests {
  @Test func targetsAreThoseWithoutGuesses() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for _ in 0..<300 {
      let (seed, vocabulary) = (random.next(), Int.random(in: 3...9, using: &random))
      func happens() -> Bool { Bool.random(using: &random) }
      func token() -> UInt32 { UInt32.random(in: 0..<UInt32(vocabulary), using: &random) }
      var settings = SearchSettings()
      if happens() { settings.repetitionPenalty = 1.5 }
      if happens() { settings.noRepeatNGram = Int.random(in: 2...3, using: &random) }
      if happens() { settings.minimumTokens = Int.random(in: 1...9, using: &random) }
      if happens() { settings.maximumTokens = Int.random(in: 1...20, using: &random) }
      if happens() { settings.sampling = SamplingSettings() }
      settings.forcesEnd = happens()
      let (sources, prefix) = (Int.random(in: 1...3, using: &random), happens() ? [token()] : [])
      let stop = happens() ? token() : nil
      func found(_ drafts: Int) throws -> [[Hypothesis]] {
        settings.drafts = drafts
        // A pseudorandom language where a token depends on the last one and, now and then, on all.
        let scorer = TableScorer(vocabulary: vocabulary, sources: sources, slots: sources, drafts: drafts) {
          let isRegular = $1.count % 5 != 0
          return pseudorandomLogits(seed, vocabulary: vocabulary, $0, isRegular ? [$1.last!] : $1)
        }
        return try search(settings, scorer, sources: sources, longest: 24, prefix: prefix) { _, ids in
          stop.map { ids[ids.count - 1] == $0 } ?? false
        }
      }
      let expected = try found(0)
      let drafts = Int.random(in: 1...SearchSettings.mostDrafts, using: &random)
      #expect(try found(drafts) == expected, "seed \(seed), \(settings), prefix \(prefix)")
    }
  }

  /// What comes again takes fewer steps: one for as many tokens as are guessed, and one more, once that is reliable.
  @Test func whatIsKnownTakesFewerSteps() throws {
    let length = 200
    func steps(drafts: Int) throws -> Int {
      var settings = SearchSettings()
      settings.drafts = drafts
      // 2, 3, 4, 5, 2, 3 …
      let scorer = TableScorer(vocabulary: 6, sources: 1, slots: 1, drafts: drafts) { _, history in
        let next = history.last! == 5 || history.last! < 2 ? 2 : Int(history.last!) + 1
        return (0..<6).map { $0 == next ? 9 : 0 }
      }
      let ids = try search(settings, scorer, sources: 1, longest: length)[0][0].ids
      #expect(ids == (0..<length).map { 2 + $0 % 4 })
      return scorer.steps
    }
    #expect(try steps(drafts: 0) == length)
    // Five tokens are new; all others come two at a time, and four at a time after some turns.
    #expect(try steps(drafts: 1) == 5 + (length - 5 + 1) / 2)
    #expect(try (length / 4...5 + length / 3).contains(steps(drafts: 3)))
  }
}
