import SwiftletArena
import SwiftletThreads

/// Adds numbers group by group: the sums of the groups don't depend on the threads.
@safe struct GroupSums: SharedWork {
  static let grain = 64
  let numbers: UnsafeBufferPointer<Float>
  let sums: UnsafeMutablePointer<Float>

  func run(_ share: Share) {
    let range = unsafe share.range(of: numbers.count, grain: Self.grain)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.grain) {
      unsafe sums[start / Self.grain] = numbers[start..<min(start + Self.grain, range.upperBound)]
        .reduce(0, +)
    }
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// Writes `round` to the thread's own cell, and checks that all cells hold the round before.
@safe struct Relay: SharedWork {
  let round: Int
  /// The cells of this round and of the one before, `Share.count` each.
  let cells: UnsafeMutablePointer<Int>
  let before: UnsafeMutablePointer<Int>
  let faults: UnsafeMutablePointer<Int>

  func run(_ share: Share) {
    for index in 0..<share.count where unsafe before[index] != round - 1 { unsafe faults[share.index] += 1 }
    unsafe cells[share.index] = round
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// A pool and its memory. The pool is declared first, so that it ends first.
struct Threads: ~Copyable {
  var pool: ThreadPool
  let arena: Arena

  init(_ count: Int) throws {
    var plan = MemoryPlan()
    let layout = try ThreadPoolLayout(threads: count, in: &plan)
    plan.place()
    let arena = try Arena(mapping: plan)
    pool = try ThreadPool(layout, in: arena)
    self.arena = arena
  }
}
