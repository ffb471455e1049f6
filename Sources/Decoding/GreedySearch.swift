import SwiftletArena
import SwiftletKernels

/// The likeliest token at each step, or a drawn one, until an end token or a limit.
extension Search {
  /// Decodes all sentences together: the steps go on with those whose targets have not ended.
  ///
  /// - Parameter isDone: Is asked after each token whether the sentence's target ends with it.
  /// - Complexity: O(longest target · weights), and O(tokens · weights) products.
  mutating func runGreedy<Scorer: TokenScorer & ~Copyable>(
    _ scorer: inout Scorer, count: Int, firstNumber: Int,
    _ isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool
  ) {
    for sentence in 0..<count where scorer.hasSource(sentence) {
      targets.sequences.begin(
        targets.insert(sentence, score: 0) ?? 0, startToken: start(sentence, scorer))
      begin(slot(sentence), source: sentence, &scorer)
      if let sampling = settings.sampling {
        sampler.begin(sentence, number: firstNumber + sentence, seed: sampling.seed)
      }
      if drafts.most > 0 { learnPrompt(sentence) }
      let place = targets.place(sentence, rank: 0)
      for index in 0..<prefixCount { unsafe targets.sequences.append(prefix.pointer[index], 0, to: place) }
    }
    if room(0) > 0 {
      for sentence in 0..<count where targets.count(sentence) > 0 { open(sentence) }
    }
    while openCount > 0 {
      if openCount == 1, drafts.most > 0 { stepAhead(&scorer, isDone) } else { stepTogether(&scorer, isDone) }
    }
    for sentence in 0..<count where targets.count(sentence) > 0 { scoreGreedy(sentence) }
  }

  /// One token of each open sentence.
  private mutating func stepTogether<Scorer: TokenScorer & ~Copyable>(
    _ scorer: inout Scorer, _ isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool
  ) {
    let rows = openCount
    for row in 0..<rows { unsafe rowIDs.pointer[row] = targets.sequences.last(openPlace(row)) }
    read(rows, &scorer)
    openCount = 0
    for row in 0..<rows {
      let sentence = openSentence(row)
      if advance(sentence, row: row, scorer, isDone) { open(sentence) }
    }
  }

  /// Chooses a sentence's next token, which a row of the step scores. Returns whether more come after it.
  @inline(never)
  mutating func advance<Scorer: TokenScorer & ~Copyable>(
    _ sentence: Int, row: Int, _ scorer: borrowing Scorer,
    _ isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool
  ) -> Bool {
    let place = targets.place(sentence, rank: 0)
    guard let next = choose(row, sentence, place, scorer) else { return false }
    let token = UInt32(truncatingIfNeeded: next.index)
    if drafts.most > 0 { learn(token, sentence, place) }
    targets.sequences.append(token, next.logProbability, to: place)
    let chosen = targets.sequences.count(place) - prefixCount
    let isStopped = isDone(sentence, targets.sequences.ids(place))
    return !ends.contains(token) && !isStopped && room(chosen) > 0
  }

  /// The slot that a sentence is decoded in: the first of its beams'.
  func slot(_ sentence: Int) -> Int { sentence * slotsPerSentence }

  mutating func open(_ sentence: Int) {
    unsafe rowSlots.pointer[openCount] = UInt32(truncatingIfNeeded: slot(sentence))
    openCount += 1
  }

  func openSentence(_ row: Int) -> Int {
    unsafe Int(truncatingIfNeeded: rowSlots.pointer[row]) / slotsPerSentence
  }

  private func openPlace(_ row: Int) -> Int { targets.place(openSentence(row), rank: 0) }

  /// The next token of a sentence, with its log-probability before anything changed the logits; nil if there is none.
  private func choose<Scorer: TokenScorer & ~Copyable>(
    _ row: Int, _ sentence: Int, _ place: Int, _ scorer: borrowing Scorer
  ) -> Choice? {
    let likeliest = scorer.likeliest(row: row)
    let logits = unsafe scorer.logits(row: row)
    let chosen = targets.sequences.count(place) - prefixCount
    let changed = unsafe processors.apply(
      to: logits, less: (0, 0), vocabulary: scorer.vocabulary, history: targets.sequences.history(place),
      chosen: chosen, isLast: room(chosen) == 1, settings, ends: ends)
    guard let changed = unsafe changed else { return likeliest }
    let token: Int
    if let sampling = settings.sampling {
      let drawn = unsafe sampler.draw(changed, vocabulary: scorer.vocabulary, sampling, sentence: sentence)
      guard let drawn else { return nil }
      token = Int(truncatingIfNeeded: drawn)
    } else {
      guard let best = unsafe largest(changed, count: scorer.vocabulary) else { return nil }
      token = best
    }
    return unsafe Choice(
      index: token, logProbability: logits[token] - logits[likeliest.index] + likeliest.logProbability)
  }

  /// The first index of the largest of `count` floats; nil if all are masked.
  private func largest(_ values: UnsafePointer<Float>, count: Int) -> Int? {
    var best: Int?
    var value = -Float.greatestFiniteMagnitude
    for index in 0..<count where unsafe values[index] > value {
      (best, value) = unsafe (index, values[index])
    }
    return best
  }

  /// States a target's score: the sum of its tokens' log-probabilities over its penalised length.
  private mutating func scoreGreedy(_ sentence: Int) {
    var sum: Float = 0
    let count = targets.sequences.count(targets.place(sentence, rank: 0))
    for index in 0..<count { sum += logProbabilities(sentence)[index] }
    let score = sum / penalizedLength(max(1, count - prefixCount), settings.lengthPenalty)
    targets.setScore(score, of: sentence)
  }
}
