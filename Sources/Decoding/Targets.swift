import SwiftletArena
import SwiftletKernels
import SwiftletTransformer

/// The parts of an arena that decoded tokens take.
public struct TargetsLayout: Sendable {
  let ids: PlannedBuffer<UInt32>
  let logProbabilities: PlannedBuffer<Float>
  let counts: PlannedBuffer<Int>
  let slots: PlannedBuffer<UInt32>
  let previous: PlannedBuffer<UInt32>
  let capacity: Int

  /// Adds the parts for `limits.batch` targets of `limits.target` tokens to a plan.
  public init(_ limits: Limits, in plan: inout MemoryPlan) throws(ArenaError) {
    let phases = Phases.decode | .detokenize
    capacity = limits.target
    ids = try plan.add(
      "target tokens", UInt32.self, count: limits.batch, times: limits.target, phases: phases, limit: .target)
    logProbabilities = try plan.add(
      "log-probabilities", Float.self, count: limits.batch, times: limits.target, phases: phases,
      limit: .target)
    // In use while texts are tokenised too: what was cleared then reads as empty.
    counts = try plan.add("target lengths", Int.self, count: limits.batch, phases: .all, limit: .batch)
    slots = try plan.add("open targets", UInt32.self, count: limits.batch, phases: .decode, limit: .batch)
    previous = try plan.add("last tokens", UInt32.self, count: limits.batch, phases: .decode, limit: .batch)
  }
}

/// The decoded tokens of a batch, one target a slot, and which targets are still open.
public struct Targets: ~Copyable {
  private var ids: ArenaBuffer<UInt32>
  private var logProbabilities: ArenaBuffer<Float>
  private var counts: ArenaBuffer<Int>
  private var slots: ArenaBuffer<UInt32>
  private var previous: ArenaBuffer<UInt32>
  private let capacity: Int
  private var openCount = 0

  /// Takes the buffers from an arena, which must outlive them.
  public init(_ layout: TargetsLayout, in arena: borrowing Arena) {
    ids = arena.buffer(layout.ids)
    logProbabilities = arena.buffer(layout.logProbabilities)
    counts = arena.buffer(layout.counts)
    slots = arena.buffer(layout.slots)
    previous = arena.buffer(layout.previous)
    capacity = layout.capacity
  }

  /// The tokens of a slot's target, with the end token if it was reached.
  @_lifetime(borrow self)
  public func ids(_ slot: Int) -> Span<UInt32> {
    ids.span.extracting(range(slot))
  }

  /// The log-probability of each token of a slot's target.
  @_lifetime(borrow self)
  public func logProbabilities(_ slot: Int) -> Span<Float> {
    logProbabilities.span.extracting(range(slot))
  }

  private func range(_ slot: Int) -> Range<Int> { slot * capacity..<slot * capacity + counts.span[slot] }

  /// Empties all targets, and closes them.
  public mutating func clear() {
    openCount = 0
    for slot in 0..<counts.count { counts.pointer[slot] = 0 }
  }

  /// Opens a slot's empty target, with `startToken` as its last token.
  mutating func open(_ slot: Int, startToken: Int) {
    slots.pointer[openCount] = UInt32(truncatingIfNeeded: slot)
    previous.pointer[openCount] = UInt32(truncatingIfNeeded: startToken)
    openCount += 1
  }

  /// Whether a target is still open.
  var hasOpen: Bool { openCount > 0 }

  /// The slots of the open targets, and the last token of each: a decoding step's rows.
  func withOpen<Result: ~Copyable>(_ body: (_ slots: Span<UInt32>, _ previous: Span<UInt32>) -> Result)
    -> Result
  {
    body(slots.span.extracting(0..<openCount), previous.span.extracting(0..<openCount))
  }

  /// Adds each row's choice to its target. Closes those that reach `endToken`, or have `maximumTokens` or no room for
  /// more; the others move up.
  mutating func append(endToken: Int, maximumTokens: Int, _ choice: (_ row: Int) -> Choice) {
    var kept = 0
    for row in 0..<openCount {
      let (slot, choice) = (slots.pointer[row], choice(row))
      let index = Int(truncatingIfNeeded: slot)
      let count = counts.pointer[index]
      ids.pointer[index * capacity + count] = UInt32(truncatingIfNeeded: choice.index)
      logProbabilities.pointer[index * capacity + count] = choice.logProbability
      counts.pointer[index] = count + 1
      guard choice.index != endToken, count + 1 < min(maximumTokens, capacity) else { continue }
      slots.pointer[kept] = slot
      previous.pointer[kept] = UInt32(truncatingIfNeeded: choice.index)
      kept += 1
    }
    openCount = kept
  }
}
