import SwiftletArena
import SwiftletPlatform

/// The parts of an arena that the results of a search take.
struct TargetsLayout: Sendable {
  let sequences: TokenSequencesLayout
  let scores: PlannedBuffer<Float>
  let order: PlannedBuffer<UInt32>
  let counts: PlannedBuffer<Int>
  let perSentence: Int

  /// Plans `perSentence` hypotheses of up to `capacity` tokens for each of `batch` sentences.
  init(
    batch: Int, perSentence: Int, capacity: Int, phases: Phases, in plan: inout MemoryPlan
  ) throws(ArenaError) {
    self.perSentence = perSentence
    sequences = try TokenSequencesLayout(
      ("target tokens", "log-probabilities", "target lengths"), count: batch * perSentence,
      capacity: capacity,
      phases: phases, in: &plan)
    scores = try plan.add(
      "target scores", Float.self, count: batch, times: perSentence, phases: phases, limit: .batch)
    order = try plan.add(
      "target ranks", UInt32.self, count: batch, times: perSentence, phases: phases, limit: .batch)
    counts = try plan.add("target counts", Int.self, count: batch, phases: .all, limit: .batch)
  }
}

/// The finished hypotheses of each sentence of a batch, the best first.
struct Targets: ~Copyable {
  var sequences: TokenSequences
  private let scores: ArenaBuffer<Float>
  private let order: ArenaBuffer<UInt32>
  private let counts: ArenaBuffer<Int>
  let perSentence: Int

  init(_ layout: TargetsLayout, in arena: borrowing Arena) {
    sequences = TokenSequences(layout.sequences, in: arena)
    scores = arena.buffer(layout.scores)
    order = arena.buffer(layout.order)
    counts = arena.buffer(layout.counts)
    perSentence = layout.perSentence
  }

  /// Empties all.
  mutating func clear() {
    sequences.clear()
    for sentence in 0..<counts.count { unsafe counts.pointer[sentence] = 0 }
  }

  /// How many hypotheses a sentence has.
  func count(_ sentence: Int) -> Int { unsafe counts.pointer[sentence] }

  /// Where the hypothesis of a rank is; without hypotheses, an empty one.
  func place(_ sentence: Int, rank: Int) -> Int {
    let first = sentence * perSentence
    guard unsafe rank < counts.pointer[sentence] else { return first }
    return unsafe first + Int(truncatingIfNeeded: order.pointer[first + rank])
  }

  /// The score of the hypothesis of a rank.
  func score(_ sentence: Int, rank: Int) -> Float { unsafe scores.pointer[place(sentence, rank: rank)] }

  /// The lowest score of a sentence's hypotheses, if there are as many as there can be.
  func worstOfAll(_ sentence: Int) -> Float? {
    guard unsafe counts.pointer[sentence] == perSentence else { return nil }
    return score(sentence, rank: perSentence - 1)
  }

  /// Makes place for a hypothesis: a free one, or that of the worst if this one is better. Those before it are as good or
  /// better. Returns nil if all others are better.
  mutating func insert(_ sentence: Int, score: Float) -> Int? {
    let (first, count) = unsafe (sentence * perSentence, counts.pointer[sentence])
    let order = unsafe order.pointer + first
    var entry = UInt32(truncatingIfNeeded: count)
    if let worst = worstOfAll(sentence) {
      guard score > worst else { return nil }
      entry = unsafe order[count - 1]
    } else {
      unsafe counts.pointer[sentence] = count + 1
    }
    var rank = unsafe counts.pointer[sentence] - 1
    let place = first + Int(truncatingIfNeeded: entry)
    while rank > 0, unsafe scores.pointer[first + Int(truncatingIfNeeded: order[rank - 1])] < score {
      unsafe order[rank] = order[rank - 1]
      rank -= 1
    }
    unsafe order[rank] = entry
    unsafe scores.pointer[place] = score
    return place
  }

  /// States the score of a sentence's only hypothesis.
  mutating func setScore(_ score: Float, of sentence: Int) {
    unsafe scores.pointer[sentence * perSentence] = score
  }
}
