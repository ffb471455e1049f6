import SwiftletArena
import SwiftletPlatform
import Testing

/// One region of memory: as large as the plan, and never more.
@Suite struct ArenaTests {
  private struct Planned {
    var plan = MemoryPlan()
    let numbers: PlannedBuffer<Float>
    let bytes: PlannedBuffer<UInt8>
    let empty: PlannedBuffer<UInt64>

    init(limit: MemoryLimit = .source) throws {
      numbers = try plan.add("numbers", Float.self, count: 1000, phases: .all, limit: limit)
      bytes = try plan.add("bytes", UInt8.self, count: 100, phases: .all, limit: .model)
      empty = try plan.add("nothing", UInt64.self, count: 0, phases: .all, limit: .model)
      plan.place()
    }
  }

  private func error(_ body: () throws(ArenaError) -> Void) -> ArenaError? {
    do throws(ArenaError) {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test func buffersAreZeroAlignedAndApart() throws {
    let planned = try Planned()
    let arena = try Arena(mapping: planned.plan)
    var numbers = arena.buffer(planned.numbers)
    var bytes = arena.buffer(planned.bytes)
    let empty = arena.buffer(planned.empty)
    #expect(numbers.count == 1000 && bytes.count == 100 && empty.count == 0)
    unsafe #expect(UInt(bitPattern: numbers.pointer) % 64 == 0 && UInt(bitPattern: bytes.pointer) % 64 == 0)
    unsafe #expect(numbers.bytes.count == 4000 && empty.bytes.count == 0)
    unsafe #expect(numbers.bytes.allSatisfy { $0 == 0 } && bytes.bytes.allSatisfy { $0 == 0 })
    var numberSpan = numbers.mutableSpan
    for index in numberSpan.indices { numberSpan[index] = 1 }
    unsafe #expect(bytes.bytes.allSatisfy { $0 == 0 })
    var byteSpan = bytes.mutableSpan
    for index in byteSpan.indices { byteSpan[index] = 7 }
    #expect(numbers.span[0] == 1 && numbers.span[999] == 1)
    #expect(bytes.span[99] == 7)
  }

  @Test func aBudgetIsKept() throws {
    let planned = try Planned()
    let size = planned.plan.size
    #expect(size == 4032 + 128)
    #expect(error { () throws(ArenaError) in _ = try Arena(mapping: planned.plan, budget: size) } == nil)
    let refused = error { () throws(ArenaError) in _ = try Arena(mapping: planned.plan, budget: size - 1) }
    #expect(refused == .exhausted(requested: size, available: size - 1, lower: .source))
    #expect(
      refused?.description
        == "not enough memory: requested 4160 bytes, available 4159, missing 1; lower --max-source")
  }

  @Test func theErrorNamesTheLimitToLower() throws {
    for (limit, text) in [
      (MemoryLimit.source, "; lower --max-source"), (.target, "; lower --max-target"),
      (.model, "; use a smaller model"),
    ] {
      let planned = try Planned(limit: limit)
      let refused = error { () throws(ArenaError) in _ = try Arena(mapping: planned.plan, budget: 0) }
      #expect(refused == .exhausted(requested: 4160, available: 0, lower: limit))
      #expect(refused?.description.hasSuffix(text) == true)
    }
  }

  @Test func whatTheSystemRefusesIsSaid() throws {
    var plan = MemoryPlan()
    for _ in 0..<64 {
      _ = try plan.add("huge", UInt8.self, count: Int.max / 256 - 64, phases: .all, limit: .target)
    }
    plan.place()
    let huge = plan
    let refused = error { () throws(ArenaError) in _ = try Arena(mapping: huge) }
    guard case .refused(let requested, let number, let lower) = refused else {
      Issue.record("\(refused?.description ?? "accepted")")
      return
    }
    #expect(requested == huge.size && lower == .target && number != 0)
    #expect(refused?.description.hasPrefix("the system refused \(huge.size) bytes of memory (") == true)
  }

  @Test func theCallersMemoryIsUsed() throws {
    let planned = try Planned()
    let size = planned.plan.size
    let region = UnsafeMutableRawBufferPointer.allocate(byteCount: size + 64, alignment: 64)
    defer { unsafe region.deallocate() }
    let whole = unsafe UnsafeMutableRawBufferPointer(rebasing: region[..<size])
    let arena = try unsafe Arena(planned.plan, in: whole)
    let numbers = arena.buffer(planned.numbers)
    unsafe #expect(whole.baseAddress! <= UnsafeMutableRawPointer(numbers.pointer))
    unsafe #expect(UnsafeMutableRawPointer(numbers.pointer + 1000) <= whole.baseAddress! + size)
    // Memory that is not aligned loses its first bytes.
    let shifted = unsafe UnsafeMutableRawBufferPointer(rebasing: region[1...])
    let second = try unsafe Arena(planned.plan, in: shifted)
    unsafe #expect(UInt(bitPattern: second.buffer(planned.numbers).pointer) % 64 == 0)
    let short = unsafe UnsafeMutableRawBufferPointer(rebasing: region[1..<size + 1])
    #expect(
      error { () throws(ArenaError) in _ = try Arena(planned.plan, in: short) }
        == .exhausted(requested: size, available: size - 63, lower: .source))
  }

  @Test func smallMemoryIsRefusedWithItsSize() throws {
    let planned = try Planned()
    let size = planned.plan.size
    let region = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 64)
    defer { unsafe region.deallocate() }
    for count in [0, 1, 64] {
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: region[..<count])
      #expect(
        error { () throws(ArenaError) in _ = try Arena(planned.plan, in: part) }
          == .exhausted(requested: size, available: count, lower: .source))
    }
    let tail = unsafe UnsafeMutableRawBufferPointer(rebasing: region[10..<20])
    #expect(
      error { () throws(ArenaError) in _ = try Arena(planned.plan, in: tail) }
        == .exhausted(requested: size, available: 0, lower: .source))
    let none = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
    #expect(
      error { () throws(ArenaError) in _ = try Arena(planned.plan, in: none) }
        == .exhausted(requested: size, available: 0, lower: .source))
  }

  @Test func anEmptyPlanNeedsNothing() throws {
    var plan = MemoryPlan()
    plan.place()
    #expect(plan.size == 0)
    let placed = plan
    #expect(error { () throws(ArenaError) in _ = try Arena(mapping: placed, budget: 0) } == nil)
  }
}
