import SwiftletArena
import SwiftletPlatform

/// The parts of an arena that processors take.
struct ProcessorsLayout: Sendable {
  let work: PlannedBuffer<Float>
  let counts: PlannedBuffer<UInt16>
  let suppressed: PlannedBuffer<UInt32>

  /// Plans for settings, and `suppressed` words of suppressed sequences.
  init(
    _ settings: SearchSettings, vocabulary: Int, suppressed words: Int, in plan: inout MemoryPlan
  ) throws(ArenaError) {
    let changes = settings.changesLogits || words > 0
    work = try plan.add(
      "changed logits", Float.self, count: changes ? vocabulary + 16 : 0, phases: .decode, limit: .model)
    // Zero between uses.
    counts = try plan.add(
      "token counts", UInt16.self, count: settings.countsTokens ? vocabulary : 0, phases: .all, limit: .model)
    suppressed = try plan.add(
      "suppressed tokens", UInt32.self, count: words, phases: .all, limit: .model)
  }
}

/// All that changes logits before a token is chosen, in transformers' order.
struct Processors: ~Copyable {
  private let work: ArenaBuffer<Float>
  private let counts: ArenaBuffer<UInt16>
  var suppressed: SuppressedSequences
  /// Whether there is anything to do.
  private let changes: Bool

  init(_ layout: ProcessorsLayout, in arena: borrowing Arena) {
    work = arena.buffer(layout.work)
    counts = arena.buffer(layout.counts)
    suppressed = SuppressedSequences(arena.buffer(layout.suppressed))
    changes = layout.work.count > 0
  }

  /// Changes a copy of `logits`, each less `offset`, and returns it; or nil where nothing is to be changed.
  ///
  /// - Parameters:
  ///   - history: The start token, forced tokens, and those that were chosen.
  ///   - chosen: How many were chosen.
  ///   - isLast: Whether only one more token fits.
  @inline(never)
  func apply(
    to logits: UnsafePointer<Float>, less offset: (Float, Float), vocabulary: Int, history: Span<UInt32>,
    chosen: Int, isLast: Bool, _ settings: SearchSettings, ends: EndTokens
  ) -> UnsafeMutablePointer<Float>? {
    guard changes else { return nil }
    let values = unsafe work.pointer
    for index in 0..<vocabulary { unsafe values[index] = unsafe logits[index] - offset.0 - offset.1 }
    unsafe history.withUnsafeBufferPointer { history in
      // A history has at least the start token.
      let row = unsafe LogitsRow(
        values: values, vocabulary: vocabulary, history: history.baseAddress.unsafelyUnwrapped,
        historyCount: history.count, chosenCount: chosen)
      apply(to: row, isLast: isLast, settings, ends: ends)
    }
    return unsafe values
  }

  private func apply(to row: LogitsRow, isLast: Bool, _ settings: SearchSettings, ends: EndTokens) {
    if settings.repetitionPenalty != 1 {
      unsafe row.penalizeRepetitions(settings.repetitionPenalty, counts: counts.pointer)
    }
    if settings.presencePenalty != 0 || settings.frequencyPenalty != 0 {
      unsafe row.penalize(
        presence: settings.presencePenalty, frequency: settings.frequencyPenalty, counts: counts.pointer)
    }
    if settings.noRepeatNGram > 0 { row.forbidRepeatedNGrams(of: settings.noRepeatNGram) }
    if !suppressed.isEmpty { suppressed.apply(to: row) }
    row.forbidEnd(ends, before: settings.minimumTokens)
    if let first = settings.firstToken, row.chosenCount == 0 { row.force(first) }
    if settings.forcesEnd, isLast, ends.count > 0 { row.force(ends[0]) }
  }
}
