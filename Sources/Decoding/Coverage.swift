import SwiftletArena
import SwiftletKernelsPlain

/// How much each running hypothesis has attended to each source token, for the coverage penalty (Wu et al. 2016, "Google's
/// Neural Machine Translation System", section 7; CTranslate2's `coverage_penalty`).
struct Coverage: ~Copyable {
  /// `[slots][capacity]`; empty without a penalty.
  private let sums: ArenaBuffer<Float>
  private let capacity: Int

  /// - Parameter capacity: The longest source.
  init(_ sums: consuming ArenaBuffer<Float>, capacity: Int) {
    self.sums = sums
    self.capacity = capacity
  }

  /// The sums of a slot: one for each source token; nil without a penalty.
  func sums(_ slot: Int) -> UnsafeMutablePointer<Float>? {
    unsafe sums.count > 0 ? sums.pointer + slot * capacity : nil
  }

  /// Begins a hypothesis that has attended to nothing.
  func begin(_ slot: Int) {
    guard let sums = unsafe sums(slot) else { return }
    for token in 0..<capacity { unsafe sums[token] = 0 }
  }

  /// Lets a slot go on from another.
  func fork(_ other: Int, into slot: Int) {
    guard let from = unsafe sums(other), let to = unsafe sums(slot) else { return }
    unsafe to.update(from: from, count: capacity)
  }

  /// What is added to a hypothesis' score: penalty · Σ ln min(attention, 1) over the source tokens.
  func score(_ slot: Int, penalty: Float) -> Float {
    guard let sums = unsafe sums(slot) else { return 0 }
    var score: Float = 0
    for token in 0..<capacity where unsafe sums[token] > 0 && sums[token] < 1 {
      unsafe score += naturalLogarithm(sums[token])
    }
    return penalty * score
  }
}
