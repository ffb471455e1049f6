import SwiftletArena
import SwiftletPlatform
import Testing

@testable import SwiftletThreads

/// The memory of a pool, before anything runs.
@Suite struct ThreadPoolLayoutTests {
  private func plan(_ threads: Int) throws(ArenaError) -> MemoryPlan {
    var plan = MemoryPlan()
    _ = try ThreadPoolLayout(threads: threads, in: &plan)
    plan.place()
    return plan
  }

  private func error(_ body: () throws(ArenaError) -> Void) -> ArenaError? {
    do throws(ArenaError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func oneThreadPlansNothing() throws {
    #expect(try plan(1).count == 0)
  }

  @Test func eachWorkerHasAStackAndALine() throws {
    let one = try plan(2)
    #expect(one.count == 2 && "\(one[0].name)" == "thread stacks" && "\(one[1].name)" == "thread state")
    #expect(one[1].size == 128)
    let stack = one[0].size - pageSize
    #expect(stack >= 64 * 1024 + pageSize && stack % pageSize == 0)
    for threads in 2...ThreadPoolLayout.maximumThreads {
      let plan = try plan(threads)
      #expect(plan[0].size == (threads - 1) * stack + pageSize && plan[1].size == threads * 64)
      #expect(plan[0].phases == .all && plan[1].phases == .all)
    }
  }

  /// What `Team` puts at fixed places of a line doesn't overlap.
  @Test func aLineHoldsItsParts() {
    let lines = UnsafeMutableRawPointer.allocate(byteCount: 2 * Team.lineSize, alignment: Team.lineSize)
    defer { unsafe lines.deallocate() }
    let team = unsafe Team(lines: lines, count: 2)
    unsafe #expect(UnsafeMutableRawPointer(team.job + 1) <= lines + Team.lineSize)
    unsafe #expect(UnsafeMutableRawPointer(team.worker(1)) >= lines + Team.lineSize + 8)
    unsafe #expect(UnsafeMutableRawPointer(team.worker(1) + 1) <= UnsafeMutableRawPointer(team.thread(1)))
    unsafe #expect(UnsafeMutableRawPointer(team.thread(1) + 1) <= lines + 2 * Team.lineSize)
  }

  @Test func countsOutOfRangeAreRefused() {
    for threads in [0, -1, .min, 65, .max] {
      let refused = error { () throws(ArenaError) in _ = try plan(threads) }
      #expect(refused == .threads(threads, most: 64))
      #expect(refused?.description == "work is shared by 1 to 64 threads, not \(threads)")
    }
  }

  @Test func theErrorOfASmallArenaNamesTheThreads() throws {
    let plan = try plan(4)
    let refused = error { () throws(ArenaError) in _ = try Arena(mapping: plan, budget: 100_000) }
    #expect(refused == .exhausted(requested: plan.size, available: 100_000, lower: .threads))
    #expect(refused?.description.hasSuffix("; lower --threads") == true)
  }

  @Test func theHeaviestLimitIsNamed() throws {
    for (source, target, limit) in [
      (0, 0, MemoryLimit.threads), (10, 20, .threads), (1_000_000, 10, .source), (10, 1_000_000, .target),
    ] {
      var plan = try plan(2)
      _ = try plan.add("source", UInt8.self, count: source, phases: .all, limit: .source)
      _ = try plan.add("target", UInt8.self, count: target, phases: .all, limit: .target)
      #expect(plan.heaviestLimit == limit)
    }
  }

  /// Memory of the caller's, that begins anywhere in a page, is used within its bounds and is whole again after it.
  @Test func theCallersMemoryIsGivenBack() throws {
    var plan = MemoryPlan()
    let layout = try ThreadPoolLayout(threads: 4, in: &plan)
    plan.place()
    let margin = 256
    let region = UnsafeMutableRawBufferPointer.allocate(
      byteCount: plan.size + 2 * margin, alignment: pageSize)
    defer { unsafe region.deallocate() }
    for offset in stride(from: 64, through: margin, by: 64) {
      unsafe region.initializeMemory(as: UInt8.self, repeating: 0xA5)
      let inner = unsafe UnsafeMutableRawBufferPointer(rebasing: region[offset..<offset + plan.size])
      do {
        let arena = try unsafe Arena(plan, in: inner)
        var pool = try ThreadPool(layout, in: arena)
        unsafe pool.run({ _, _, _ in }, inner.baseAddress!)
      }
      unsafe #expect(region[..<offset].allSatisfy { $0 == 0xA5 })
      unsafe #expect(region[(offset + plan.size)...].allSatisfy { $0 == 0xA5 })
      unsafe inner.initializeMemory(as: UInt8.self, repeating: 0)  // Faults if a guard is left.
    }
  }
}
