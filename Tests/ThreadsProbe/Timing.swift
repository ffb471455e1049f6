import Foundation
import SwiftletArena
import SwiftletPlatform
import SwiftletThreads

extension Probe {
  /// Writes the median time of a round, its work next to nothing, in nanoseconds: at once after the round before,
  /// after a stretch in which only the caller computes, and after a sleep. With the 5th and the 95th percentile.
  static func time(threads: Int) throws {
    let (layout, plan) = try layOut(threads: threads)
    let arena = try Arena(mapping: plan)
    var pool = try ThreadPool(layout, in: arena)
    let counting = Counting()
    for _ in 0..<1000 { pool.run(counting) }
    let batches = (0..<200).map { _ in
      let start = monotonicNanoseconds()
      for _ in 0..<500 { pool.run(counting) }
      return (monotonicNanoseconds() - start) / 500
    }
    print("back to back: \(summary(batches))")
    for microseconds in [2, 5, 10, 20, 50, 200] as [UInt64] {
      let rounds = (0..<2000).map { _ in
        let pause = monotonicNanoseconds() + microseconds * 1000
        while monotonicNanoseconds() < pause {}
        return timeRound(&pool, counting)
      }
      print("after \(microseconds) µs of the caller's own work: \(summary(rounds))")
    }
    let rounds = (0..<1000).map { _ in
      usleep(1000)
      return timeRound(&pool, counting)
    }
    print("after a sleep of 1 ms: \(summary(rounds))")
  }

  private static func timeRound(_ pool: inout ThreadPool, _ counting: Counting) -> UInt64 {
    let start = monotonicNanoseconds()
    pool.run(counting)
    return monotonicNanoseconds() - start
  }

  private static func summary(_ times: [UInt64]) -> String {
    let sorted = times.sorted()
    let (low, high) = (sorted[sorted.count / 20], sorted[sorted.count * 19 / 20])
    return "median \(sorted[sorted.count / 2]) ns, 5 % \(low), 95 % \(high)"
  }
}
