import SourcesTestSupport
import SwiftletArena
import Testing

/// Where parts are placed, and what a plan refuses.
@Suite struct MemoryPlanTests {
  private func error(_ body: (inout MemoryPlan) throws(ArenaError) -> Void) -> ArenaError? {
    var plan = MemoryPlan()
    do throws(ArenaError) {
      try body(&plan)
      return nil
    } catch {
      return error
    }
  }

  /// A plan of random parts in random phases, many of equal size or empty.
  private func randomPlan(_ numbers: inout Seeded) throws -> MemoryPlan {
    var plan = MemoryPlan()
    let limits: [MemoryLimit] = [.model, .source, .target]
    for _ in 0..<Int.random(in: 0...64, using: &numbers) {
      let count = Bool.random(using: &numbers) ? Int.random(in: 0...10_000, using: &numbers) : 256
      _ = try plan.add(
        "part", Float.self, count: count, times: Int.random(in: 1...3, using: &numbers),
        phases: Phases(rawValue: UInt8.random(in: 0...15, using: &numbers)),
        limit: limits[Int.random(in: 0...2, using: &numbers)])
    }
    plan.place()
    return plan
  }

  @Test func partsOfOnePhaseNeverOverlap() throws {
    var numbers = Seeded(10, test: #function)
    for _ in 0..<2000 {
      let plan = try randomPlan(&numbers)
      var sum = 0
      for index in 0..<plan.count {
        let part = plan[index]
        sum += part.size
        #expect(part.offset >= 0 && part.offset % 64 == 0 && part.size % 64 == 0)
        #expect(part.offset + part.size <= plan.size)
        for other in 0..<index where !plan[other].phases.isDisjoint(with: part.phases) {
          let end = plan[other].offset + plan[other].size
          #expect(end <= part.offset || part.offset + part.size <= plan[other].offset)
        }
      }
      #expect(plan.size <= sum)
      for phase in [Phases.tokenize, .encode, .decode, .detokenize] {
        let together = (0..<plan.count).reduce(0) {
          plan[$1].phases.isDisjoint(with: phase) ? $0 : $0 + plan[$1].size
        }
        #expect(plan.size >= together)
      }
    }
  }

  @Test func partsOfDifferentPhasesShareBytes() throws {
    var plan = MemoryPlan()
    _ = try plan.add("a", UInt8.self, count: 1000, phases: .encode, limit: .model)
    _ = try plan.add("b", UInt8.self, count: 500, phases: .decode, limit: .model)
    _ = try plan.add("c", UInt8.self, count: 100, phases: .encode | .decode, limit: .model)
    plan.place()
    #expect(plan[0].offset == 0 && plan[1].offset == 0)
    #expect(plan[2].offset == 512 || plan[2].offset == 1024)
    #expect(plan.size == 1024 + 128)
  }

  @Test func placingAgainChangesNothing() throws {
    var numbers = Seeded(11, test: #function)
    for _ in 0..<50 {
      let plan = try randomPlan(&numbers)
      var again = plan
      again.place()
      #expect(again.size == plan.size)
      for index in 0..<plan.count { #expect(again[index].offset == plan[index].offset) }
    }
  }

  @Test func sizesAreOfWholeLines() throws {
    var plan = MemoryPlan()
    let empty = try plan.add("empty", Double.self, count: 0, phases: .all, limit: .model)
    let one = try plan.add("one", UInt8.self, count: 1, phases: .all, limit: .model)
    let more = try plan.add("more", UInt32.self, count: 5, times: 4, phases: .all, limit: .model)
    #expect(empty.count == 0 && one.count == 1 && more.count == 20)
    #expect(plan.count == 2 && plan[0].size == 64 && plan[1].size == 128, "nothing is no part")
    plan.place()
    #expect(plan.size == 192)
  }

  @Test func sizesThatOverflowAreRefused() {
    for (count, times) in [
      (Int.max, 1), (Int.max, 2), (1, Int.max), (1 << 32, 1 << 32), (Int.max / 2, 1), (-1, 1), (1, -1),
      (-1, -1),
      (Int.min, 1), (Int.min, -1),
    ] {
      let error = error { plan throws(ArenaError) in
        _ = try plan.add("logits", Float.self, count: count, times: times, phases: .all, limit: .model)
      }
      #expect(error == .overflow(part: "logits"))
      #expect(error?.description == "the size of logits does not fit this processor's address space")
    }
  }

  @Test func allPartsTogetherFitTheAddressSpace() throws {
    var plan = MemoryPlan()
    _ = try plan.add("states", UInt8.self, count: Int.max / 4, phases: .encode, limit: .source)
    let error = #expect(throws: ArenaError.self) {
      _ = try plan.add("logits", UInt8.self, count: Int.max / 4, phases: .decode, limit: .target)
    }
    #expect(error == .overflow(part: "logits"))
  }

  @Test func plansHaveRoomFor64Parts() {
    let error = error { plan throws(ArenaError) in
      for _ in 0..<64 { _ = try plan.add("part", UInt8.self, count: 1, phases: .all, limit: .model) }
      #expect(plan.count == 64)
      _ = try plan.add("part", UInt8.self, count: 1, phases: .all, limit: .model)
    }
    #expect(error == .tooManyParts(limit: 64))
    #expect(error?.description == "a memory plan holds at most 64 parts")
  }

  @Test func theHeaviestLimitIsTheOneToLower() throws {
    func heaviest(_ parts: (MemoryLimit, Int)...) throws -> MemoryLimit {
      var plan = MemoryPlan()
      for (limit, size) in parts {
        _ = try plan.add("part", UInt8.self, count: size, phases: .all, limit: limit)
      }
      return plan.heaviestLimit
    }
    #expect(try heaviest() == .model)
    #expect(try heaviest((.model, 1_000_000)) == .model)
    #expect(try heaviest((.model, 1_000_000), (.source, 64)) == .source)
    #expect(try heaviest((.source, 64), (.target, 128)) == .target)
    #expect(try heaviest((.source, 128), (.target, 128)) == .source)
  }

  @Test func phasesAreASet() {
    #expect((Phases.encode | .decode).rawValue == 6)
    #expect(Phases.all.rawValue == 15)
    #expect(Phases.none.isDisjoint(with: .all))
    #expect(Phases.encode.isDisjoint(with: .decode | .detokenize))
    #expect(!Phases.encode.isDisjoint(with: .all))
  }
}
