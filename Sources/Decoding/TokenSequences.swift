import SwiftletArena
import SwiftletPlatform

/// The parts of an arena that sequences of tokens take.
struct TokenSequencesLayout: Sendable {
  let ids: PlannedBuffer<UInt32>
  let logProbabilities: PlannedBuffer<Float>
  let counts: PlannedBuffer<Int>
  let capacity: Int

  /// Plans `count` sequences of up to `capacity` tokens after the start token.
  init(
    _ names: (ids: StaticText, logProbabilities: StaticText, counts: StaticText), count: Int,
    capacity: Int, phases: Phases, in plan: inout MemoryPlan
  ) throws(ArenaError) {
    self.capacity = capacity
    ids = try plan.add(
      names.ids, UInt32.self, count: count, times: capacity + 1, phases: phases, limit: .target)
    logProbabilities = try plan.add(
      names.logProbabilities, Float.self, count: count, times: capacity, phases: phases, limit: .target)
    // In use while texts are tokenised too: what was cleared then reads as empty.
    counts = try plan.add(names.counts, Int.self, count: count, phases: .all, limit: .batch)
  }
}

/// Sequences of tokens, each with its log-probability. Before a sequence's tokens stands the start token.
struct TokenSequences: ~Copyable {
  private let ids: ArenaBuffer<UInt32>
  private let logProbabilities: ArenaBuffer<Float>
  private let counts: ArenaBuffer<Int>
  let capacity: Int

  init(_ layout: TokenSequencesLayout, in arena: borrowing Arena) {
    ids = arena.buffer(layout.ids)
    logProbabilities = arena.buffer(layout.logProbabilities)
    counts = arena.buffer(layout.counts)
    capacity = layout.capacity
  }

  /// How many sequences there are.
  var sequenceCount: Int { counts.count }

  /// How many tokens a sequence has.
  func count(_ sequence: Int) -> Int { unsafe counts.pointer[sequence] }

  /// A sequence's tokens.
  @_lifetime(borrow self)
  func ids(_ sequence: Int) -> Span<UInt32> {
    let start = sequence * (capacity + 1) + 1
    return unsafe ids.span.extracting(start..<start + counts.pointer[sequence])
  }

  /// A sequence's tokens, the start token before them.
  @_lifetime(borrow self)
  func history(_ sequence: Int) -> Span<UInt32> {
    let start = sequence * (capacity + 1)
    return unsafe ids.span.extracting(start..<start + counts.pointer[sequence] + 1)
  }

  @_lifetime(borrow self)
  func logProbabilities(_ sequence: Int) -> Span<Float> {
    let start = sequence * capacity
    return unsafe logProbabilities.span.extracting(start..<start + counts.pointer[sequence])
  }

  /// The last token of a sequence, which may be the start token.
  func last(_ sequence: Int) -> UInt32 {
    unsafe ids.pointer[sequence * (capacity + 1) + counts.pointer[sequence]]
  }

  /// Empties a sequence.
  mutating func begin(_ sequence: Int, startToken: Int) {
    unsafe ids.pointer[sequence * (capacity + 1)] = UInt32(truncatingIfNeeded: startToken)
    unsafe counts.pointer[sequence] = 0
  }

  /// Adds a token to a sequence, which must have room.
  mutating func append(_ id: UInt32, _ logProbability: Float, to sequence: Int) {
    let count = unsafe counts.pointer[sequence]
    precondition(count < capacity, "a sequence has at most `capacity` tokens")
    unsafe ids.pointer[sequence * (capacity + 1) + 1 + count] = id
    unsafe logProbabilities.pointer[sequence * capacity + count] = logProbability
    unsafe counts.pointer[sequence] = count + 1
  }

  /// Takes the last token away.
  mutating func removeLast(of sequence: Int) { unsafe counts.pointer[sequence] -= 1 }

  /// Makes a sequence the same as another.
  mutating func copy(_ other: Int, to sequence: Int) {
    guard sequence != other else { return }
    let (from, to) = unsafe (ids.pointer + other * (capacity + 1), ids.pointer + sequence * (capacity + 1))
    unsafe copy(from, logProbabilities.pointer + other * capacity, counts.pointer[other], to: to, sequence)
  }

  /// Makes a sequence the same as one of `others`, whose sequences are no longer.
  mutating func copy(_ other: Int, of others: borrowing TokenSequences, to sequence: Int) {
    unsafe copy(
      others.ids.pointer + other * (others.capacity + 1),
      others.logProbabilities.pointer + other * others.capacity, others.counts.pointer[other],
      to: ids.pointer + sequence * (capacity + 1), sequence)
  }

  private func copy(
    _ ids: UnsafePointer<UInt32>, _ logProbabilities: UnsafePointer<Float>, _ count: Int,
    to: UnsafeMutablePointer<UInt32>, _ sequence: Int
  ) {
    unsafe to.update(from: ids, count: count + 1)
    unsafe (self.logProbabilities.pointer + sequence * capacity).update(from: logProbabilities, count: count)
    unsafe counts.pointer[sequence] = count
  }

  /// Empties all sequences.
  mutating func clear() {
    for sequence in 0..<counts.count { unsafe counts.pointer[sequence] = 0 }
  }
}
