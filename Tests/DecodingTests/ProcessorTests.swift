import SourcesTestSupport
import SwiftletDecoding
import Testing

/// What changes logits before a token is chosen, against the plainest way to say it.
struct ProcessorTests {
  /// The logits after all processors, in transformers' order.
  private func processed(
    _ logits: [Float], _ settings: SearchSettings, suppressed: [[UInt32]], history: [UInt32], prompt: Int,
    room: Int
  ) -> [Float] {
    var x = logits
    for token in Set(history) where settings.repetitionPenalty != 1 {
      let value = x[Int(token)]
      x[Int(token)] = value > 0 ? value / settings.repetitionPenalty : value * settings.repetitionPenalty
    }
    let chosen = history.dropFirst(prompt)
    for token in Set(chosen) {
      let count = Float(chosen.filter { $0 == token }.count)
      x[Int(token)] -= settings.presencePenalty + count * settings.frequencyPenalty
    }
    let size = settings.noRepeatNGram
    if size > 0, history.count >= size {
      for start in 0...history.count - size
      where history[start..<start + size - 1].elementsEqual(history.suffix(size - 1)) {
        x[Int(history[start + size - 1])] = -.infinity
      }
    }
    for words in suppressed where history.suffix(words.count - 1).elementsEqual(words.dropLast()) {
      x[Int(words.last!)] = -.infinity
    }
    if chosen.count < settings.minimumTokens { x[0] = -.infinity }
    func force(_ token: Int) {
      x = x.map { _ in -.infinity }
      x[token] = 0
    }
    if let first = settings.firstToken, chosen.isEmpty { force(first) }
    if settings.forcesEnd, room == 1 { force(0) }
    return x
  }

  @Test func greedyTargetsAreThoseOfThePlainestWay() throws {
    var random = Seeded(.random(in: 0 ... .max), test: #function)
    for _ in 0..<300 {
      let (seed, vocabulary) = (random.next(), Int.random(in: 3...12, using: &random))
      func happens() -> Bool { Bool.random(using: &random) }
      func token() -> UInt32 { UInt32.random(in: 0..<UInt32(vocabulary), using: &random) }
      var settings = SearchSettings()
      if happens() { settings.repetitionPenalty = 1.5 }
      if happens() { settings.presencePenalty = Float.random(in: -2...2, using: &random) }
      if happens() { settings.frequencyPenalty = Float.random(in: -1...1, using: &random) }
      if happens() { settings.noRepeatNGram = Int.random(in: 1...3, using: &random) }
      if happens() { settings.minimumTokens = Int.random(in: 1...9, using: &random) }
      if happens() { settings.firstToken = Int(token()) }
      settings.forcesEnd = happens()
      let prefix = (0..<Int.random(in: 0...3, using: &random)).map { _ in token() }
      let suppressed = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        (0..<Int.random(in: 1...2, using: &random)).map { _ in token() }
      }
      let longest = 12
      let scorer = TableScorer(vocabulary: vocabulary, sources: 1, slots: 1) {
        pseudorandomLogits(seed, vocabulary: vocabulary, $0, $1)
      }
      let found = try search(
        settings, scorer, sources: 1, longest: longest, prefix: prefix, suppressed: suppressed)[0][0]
      var history: [UInt32] = [1] + prefix
      var logProbabilities = prefix.map { _ in 0.0 }
      while history.count - 1 < longest {
        let raw = pseudorandomLogits(seed, vocabulary: vocabulary, 0, history)
        let x = processed(
          raw, settings, suppressed: suppressed, history: history, prompt: 1 + prefix.count,
          room: longest - (history.count - 1))
        let best = x.max()!
        guard best > -.infinity else { break }
        let next = x.firstIndex(of: best)!
        logProbabilities.append(logSoftmax(raw)[next])
        history.append(UInt32(next))
        if next == 0 { break }
      }
      try #require(
        found.ids == history.dropFirst().map { Int($0) },
        "seed \(seed), \(settings), prefix \(prefix), suppressed \(suppressed), vocabulary \(vocabulary)")
      for (value, expected) in zip(found.logProbabilities, logProbabilities) {
        #expect(abs(Double(value) - expected) < 1e-4)
      }
    }
  }

  @Test func targetsHaveTheirLimits() throws {
    var settings = SearchSettings()
    settings.maximumTokens = 4
    let scorer = TableScorer(vocabulary: 5, sources: 3, slots: 3) { source, _ in
      source == 0 ? [0, 0, 9, 0, 0] : source == 1 ? [9, 0, 0, 0, 0] : [0, 0, 0, 0, 9]
    }
    let found = try search(settings, scorer, sources: 3, longest: 10)
    #expect(found.map { $0[0].ids } == [[2, 2, 2, 2], [0], [4, 4, 4, 4]])
    settings.forcesEnd = true
    #expect(
      try search(settings, scorer, sources: 3, longest: 10).map { $0[0].ids } == [
        [2, 2, 2, 0], [0], [4, 4, 4, 0],
      ])
    #expect(try search(settings, scorer, sources: 1, longest: 10, prefix: [3, 3])[0][0].ids == [3, 3, 2, 0])
  }
}
