import SwiftletArena
import SwiftletKernels

/// Beam search as transformers' `generate` defines it: at each step the best continuations of all hypotheses of a sentence,
/// twice as many as there are beams; of those, the ones among the first that end are finished, and the best that don't go
/// on. The hypotheses of all sentences are read together, as rows of one matrix product.
extension Search {
  /// - Parameter isDone: Is asked of each hypothesis that may go on whether it ends with its last token.
  /// - Complexity: O(longest target · weights), and O(tokens · beams · weights) products.
  mutating func runBeams<Scorer: TokenScorer & ~Copyable>(
    _ scorer: inout Scorer, count: Int, _ isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool
  ) {
    for sentence in 0..<count {
      beams.end(sentence)
      guard scorer.hasSource(sentence) else { continue }
      let slot = beams.begin(sentence, startToken: start(sentence, scorer))
      begin(slot, source: sentence, &scorer)
      coverage.begin(slot)
      for index in 0..<prefixCount { unsafe beams.sequences.append(prefix.pointer[index], 0, to: slot) }
      if room(0) == 0 { finishAll(sentence) }
    }
    while true {
      let rows = gatherBeams(count)
      guard rows > 0 else { break }
      read(rows, &scorer)
      var row = 0
      for sentence in 0..<count where beams.count(sentence) > 0 {
        let running = beams.count(sentence)
        for rank in 0..<running {
          guard let sums = unsafe coverage.sums(beams.slot(sentence, rank: rank)) else { break }
          unsafe scorer.addSourceAttention(row: row + rank, to: sums)
        }
        collectCandidates(sentence, firstRow: row, scorer)
        advance(sentence, &scorer, isDone)
        row += running
      }
    }
  }

  /// The last tokens of all running hypotheses, and their slots; returns how many.
  private mutating func gatherBeams(_ count: Int) -> Int {
    var row = 0
    for sentence in 0..<count {
      for rank in 0..<beams.count(sentence) {
        let slot = beams.slot(sentence, rank: rank)
        unsafe rowIDs.pointer[row] = beams.sequences.last(slot)
        unsafe rowSlots.pointer[row] = UInt32(truncatingIfNeeded: slot)
        row += 1
      }
    }
    return row
  }

  /// How many tokens a sentence's hypotheses have chosen.
  private func chosen(_ sentence: Int) -> Int {
    beams.sequences.count(beams.slot(sentence, rank: 0)) - prefixCount
  }

  private mutating func collectCandidates<Scorer: TokenScorer & ~Copyable>(
    _ sentence: Int, firstRow: Int, _ scorer: borrowing Scorer
  ) {
    beams.candidates.clear(limit: (1 + ends.count) * beams.perSentence)
    let chosen = chosen(sentence)
    for rank in 0..<beams.count(sentence) {
      let (logits, likeliest) = unsafe (
        scorer.logits(row: firstRow + rank), scorer.likeliest(row: firstRow + rank)
      )
      // A log-probability is logit − largest − ln Σ e^(logit − largest).
      let offset = unsafe (logits[likeliest.index], 0 - likeliest.logProbability)
      let base = beams.score(sentence, rank: rank)
      let changed = unsafe processors.apply(
        to: logits, less: offset, vocabulary: scorer.vocabulary,
        history: beams.sequences.history(beams.slot(sentence, rank: rank)), chosen: chosen,
        isLast: room(chosen) == 1, settings, ends: ends)
      if let changed = unsafe changed {
        unsafe beams.candidates.add(
          changed, vocabulary: scorer.vocabulary, less: (0, 0), base: base, parent: rank)
      } else {
        unsafe beams.candidates.add(
          logits, vocabulary: scorer.vocabulary, less: offset, base: base, parent: rank)
      }
    }
  }

  /// Finishes the hypotheses that end, and lets the best others go on.
  private mutating func advance<Scorer: TokenScorer & ~Copyable>(
    _ sentence: Int, _ scorer: inout Scorer, _ isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool
  ) {
    let length = chosen(sentence) + 1
    let isFull = room(length) == 0
    guard beams.candidates.count > 0 else {
      finishAll(sentence)
      return
    }
    var running = 0
    for index in 0..<beams.candidates.count {
      let candidate = beams.candidates[index]
      if isFull || ends.contains(candidate.token) || isStopped(candidate, of: sentence, isDone) {
        if index < beams.perSentence { finish(candidate, of: sentence, length: length) }
      } else if running < beams.perSentence {
        beams.candidates.keep(index, as: running)
        running += 1
      }
    }
    guard running > 0, canImprove(sentence, best: beams.candidates[0].total, length: length) else {
      beams.end(sentence)
      return
    }
    unsafe withUnsafeMutablePointer(to: &scorer) { scorer in
      beams.advance(sentence, chosen: running) { other, slot in
        unsafe scorer.pointee.fork(other, into: slot)
        coverage.fork(other, into: slot)
      }
    }
  }

  /// Whether a candidate ends its target, though its token does not.
  private mutating func isStopped(
    _ candidate: Candidate, of sentence: Int, _ isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool
  ) -> Bool {
    let slot = beams.slot(sentence, rank: Int(truncatingIfNeeded: candidate.parent))
    // There is room: the target is not full.
    beams.sequences.append(candidate.token, 0, to: slot)
    defer { beams.sequences.removeLast(of: slot) }
    return isDone(sentence, beams.sequences.ids(slot))
  }

  /// Whether the search goes on: whether a running hypothesis could come among the finished ones.
  private func canImprove(_ sentence: Int, best: Float, length: Int) -> Bool {
    guard let worst = targets.worstOfAll(sentence) else { return true }
    if settings.earlyStopping == .whenFull { return false }
    let longest = settings.earlyStopping == .never && settings.lengthPenalty > 0
    let hypothetical = longest ? length + room(length) : length
    return best / penalizedLength(hypothetical, settings.lengthPenalty) > worst
  }

  /// Makes a candidate a finished hypothesis, if it is among the best.
  private mutating func finish(_ candidate: Candidate, of sentence: Int, length: Int) {
    let parent = beams.slot(sentence, rank: Int(truncatingIfNeeded: candidate.parent))
    let score =
      candidate.total / penalizedLength(length, settings.lengthPenalty)
      + coverage.score(parent, penalty: settings.coveragePenalty)
    guard let place = targets.insert(sentence, score: score) else { return }
    targets.sequences.copy(parent, of: beams.sequences, to: place)
    targets.sequences.append(candidate.token, candidate.logProbability, to: place)
  }

  /// Finishes the hypotheses of a sentence as they are, where nothing can follow.
  private mutating func finishAll(_ sentence: Int) {
    for rank in 0..<beams.count(sentence) {
      let slot = beams.slot(sentence, rank: rank)
      let length = max(1, beams.sequences.count(slot) - prefixCount)
      let score =
        beams.score(sentence, rank: rank) / penalizedLength(length, settings.lengthPenalty)
        + coverage.score(slot, penalty: settings.coveragePenalty)
      guard let place = targets.insert(sentence, score: score) else { continue }
      targets.sequences.copy(slot, of: beams.sequences, to: place)
    }
    beams.end(sentence)
  }
}
