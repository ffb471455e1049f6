import SwiftletArena
import SwiftletKernels

/// A token that a decoding step reads: its sequence's slot, and its position there.
struct StepRow: BitwiseCopyable {
  let slot: UInt32
  let position: UInt32
}

/// How far the sequence in a slot has come.
struct SlotState: BitwiseCopyable {
  /// Which of the encoded sources it is decoded from.
  var source: Int
  /// How many target tokens were read: the position of the next.
  var target: Int
}

extension Workspace {
  /// Begins a sequence in `slot`, to be decoded from a source that was encoded; what the slot held is gone.
  public mutating func begin(_ slot: Int, source: Int) {
    checkSlot(slot)
    precondition(source >= 0 && source < limits.batch, "there are `limits.batch` sources")
    unsafe pool.release(slot, tokens: slots.pointer[slot].target)
    unsafe slots.pointer[slot] = SlotState(source: source, target: 0)
  }

  /// Begins a sequence in `slot` with all that the sequence in `other` has read; what the slot held is gone. The two
  /// share their pages of keys and values: of these nothing is copied until one of them goes on, and then at most one
  /// page of 16 tokens.
  ///
  /// - Complexity: O(tokens / 16).
  public mutating func fork(_ other: Int, into slot: Int) {
    checkSlot(slot)
    checkSlot(other)
    guard slot != other else { return }
    unsafe pool.release(slot, tokens: slots.pointer[slot].target)
    unsafe pool.share(other, tokens: slots.pointer[other].target, with: slot)
    unsafe slots.pointer[slot] = slots.pointer[other]
  }

  /// Takes back the last `count` tokens that the sequence in a slot has read.
  public mutating func takeBack(_ count: Int, slot: Int) {
    checkSlot(slot)
    let tokens = unsafe slots.pointer[slot].target
    precondition(count >= 0 && count <= tokens, "no more is taken back than was read")
    pool.release(slot, tokens: tokens, but: tokens - count)
    unsafe slots.pointer[slot].target = tokens - count
  }

  /// How many tokens a source has.
  public func sourceCount(_ source: Int) -> Int {
    precondition(source >= 0 && source < limits.batch, "there are `limits.batch` sources")
    return unsafe sourceCounts.pointer[source]
  }

  /// How many tokens the sequence in a slot has read.
  public func targetCount(slot: Int) -> Int {
    checkSlot(slot)
    return unsafe slots.pointer[slot].target
  }

  private func checkSlot(_ slot: Int) {
    precondition(slot >= 0 && slot < limits.slots, "there are `limits.slots` slots")
  }

  /// The pages of a source's keys and values.
  func sourceTable(_ source: Int) -> UnsafePointer<UInt32> {
    unsafe UnsafePointer(sourcePages.pointer + source * pageCount(tokens: limits.source))
  }
}
