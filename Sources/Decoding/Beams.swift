import SwiftletArena
import SwiftletPlatform

/// The parts of an arena that running hypotheses take.
struct BeamsLayout: Sendable {
  let sequences: TokenSequencesLayout
  let scores: PlannedBuffer<Float>
  let slots: PlannedBuffer<UInt32>
  let counts: PlannedBuffer<Int>
  let candidates: PlannedBuffer<Candidate>
  let beams: Int

  /// Plans for `batch` sentences of `beams` hypotheses each, of up to `capacity` tokens.
  init(beams: Int, batch: Int, capacity: Int, in plan: inout MemoryPlan) throws(ArenaError) {
    self.beams = beams
    let slots = beams > 1 ? beams * batch : 0
    sequences = try TokenSequencesLayout(
      ("beam tokens", "beam log-probabilities", "beam lengths"), count: slots, capacity: capacity,
      phases: .decode, in: &plan)
    scores = try plan.add("beam scores", Float.self, count: slots, phases: .decode, limit: .beams)
    self.slots = try plan.add(
      "beam slots", UInt32.self, count: slots, times: 3, phases: .decode, limit: .beams)
    counts = try plan.add(
      "beam counts", Int.self, count: beams > 1 ? batch : 0, phases: .decode, limit: .batch)
    // As many that go on as there are beams, and as many that end, for each token that may end.
    candidates = try plan.add(
      "beam candidates", Candidate.self, count: beams > 1 ? beams : 0, times: 1 + EndTokens.maximum,
      phases: .decode, limit: .beams)
  }
}

/// The running hypotheses of each sentence of a batch, the best first. A hypothesis lies in a slot, as its keys and values
/// do in the model's cache: it stays there when it goes on, and takes a free slot of its sentence when it is a second
/// continuation of the same one. So nothing that is long is moved.
struct Beams: ~Copyable {
  var sequences: TokenSequences
  var candidates: Candidates
  private let scores: ArenaBuffer<Float>
  private let slots: ArenaBuffer<UInt32>
  private let counts: ArenaBuffer<Int>
  let perSentence: Int

  init(_ layout: BeamsLayout, in arena: borrowing Arena) {
    sequences = TokenSequences(layout.sequences, in: arena)
    candidates = Candidates(arena.buffer(layout.candidates))
    scores = arena.buffer(layout.scores)
    slots = arena.buffer(layout.slots)
    counts = arena.buffer(layout.counts)
    perSentence = layout.beams
  }

  /// How many hypotheses of a sentence run.
  func count(_ sentence: Int) -> Int { unsafe counts.pointer[sentence] }

  /// The slot of the hypothesis of a rank.
  func slot(_ sentence: Int, rank: Int) -> Int {
    unsafe Int(truncatingIfNeeded: slots.pointer[sentence * perSentence + rank])
  }

  /// The log-probability of the hypothesis of a rank.
  func score(_ sentence: Int, rank: Int) -> Float { unsafe scores.pointer[sentence * perSentence + rank] }

  /// Ends all hypotheses of a sentence.
  mutating func end(_ sentence: Int) { unsafe counts.pointer[sentence] = 0 }

  /// Begins a sentence with one hypothesis, in the first of its slots, which is returned.
  mutating func begin(_ sentence: Int, startToken: Int) -> Int {
    let slot = sentence * perSentence
    sequences.begin(slot, startToken: startToken)
    unsafe slots.pointer[slot] = UInt32(truncatingIfNeeded: slot)
    unsafe scores.pointer[slot] = 0
    unsafe counts.pointer[sentence] = 1
    return slot
  }

  /// Lets a sentence go on with its first `chosen` candidates, at most `perSentence`.
  ///
  /// - Parameter fork: Called for every hypothesis that goes on in another slot, before any hypothesis changes.
  mutating func advance(_ sentence: Int, chosen: Int, fork: (_ slot: Int, _ other: Int) -> Void) {
    let first = sentence * perSentence
    let total = slots.count / 3
    // Slots by the new ranks; and for each slot of the sentence, whether it goes on.
    let (new, used) = unsafe (slots.pointer + (total + first), slots.pointer + (2 * total + first))
    for index in 0..<perSentence { unsafe used[index] = 0 }
    let unset = UInt32.max
    for rank in 0..<chosen {
      let slot = slot(sentence, rank: Int(truncatingIfNeeded: candidates[rank].parent))
      unsafe new[rank] = used[slot - first] == 0 ? UInt32(truncatingIfNeeded: slot) : unset
      unsafe used[slot - first] = 1
    }
    var free = 0
    for rank in 0..<chosen where unsafe new[rank] == unset {
      while unsafe used[free] != 0 { free += 1 }
      unsafe used[free] = 1
      let parent = slot(sentence, rank: Int(truncatingIfNeeded: candidates[rank].parent))
      unsafe new[rank] = UInt32(truncatingIfNeeded: first + free)
      sequences.copy(parent, to: first + free)
      fork(parent, first + free)
    }
    for rank in 0..<chosen {
      let next = candidates[rank]
      unsafe sequences.append(next.token, next.logProbability, to: Int(truncatingIfNeeded: new[rank]))
      unsafe scores.pointer[first + rank] = next.total
    }
    for rank in 0..<chosen { unsafe slots.pointer[first + rank] = unsafe new[rank] }
    unsafe counts.pointer[sentence] = chosen
  }
}
