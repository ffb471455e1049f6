import SwiftletPlatform

/// All the memory that a run writes to: one region, laid out by a plan, that never grows.
///
/// The region is one anonymous mapping made here, the memory that the program is linked with, or memory that the
/// caller owns (a static buffer).
/// It can go to another thread, but only one takes buffers from it.
/// - Complexity: O(1) to make; handing out a buffer is O(1) and touches no memory.
@safe public struct Arena: ~Copyable, @unchecked Sendable {
  /// The plan that lays out the region.
  public let plan: MemoryPlan
  @usableFromInline let base: UnsafeMutableRawPointer
  private let mapping: AnonymousMemory?

  /// Maps as many bytes as `plan` needs, and no more than `budget`. A program that is linked with memory takes that
  /// instead, for one arena.
  ///
  /// - Throws: `ArenaError` with the numbers and the limit to lower.
  public init(mapping plan: MemoryPlan, budget: Int = .max) throws(ArenaError) {
    guard plan.size <= budget else {
      throw .exhausted(requested: plan.size, available: budget, lower: plan.heaviestLimit)
    }
    if LinkedMemory.size != nil {
      self = try unsafe Arena(
        plan, in: LinkedMemory.take() ?? UnsafeMutableRawBufferPointer(start: nil, count: 0))
      return
    }
    let memory: AnonymousMemory
    do {
      memory = try AnonymousMemory(count: max(plan.size, 1))
    } catch {
      throw .refused(requested: plan.size, number: error.number, lower: plan.heaviestLimit)
    }
    // A mapping of at least one byte has an address.
    unsafe base = memory.bytes.baseAddress.unsafelyUnwrapped
    mapping = consume memory
    self.plan = plan
  }

  /// Lays out memory that the caller owns and keeps alive: `region` must be aligned to 64 bytes.
  ///
  /// - Throws: `ArenaError.exhausted` with the numbers and the limit to lower.
  public init(_ plan: MemoryPlan, in region: UnsafeMutableRawBufferPointer) throws(ArenaError) {
    let address = UInt(bitPattern: region.baseAddress)
    let skipped = Int(bitPattern: (64 - address % 64) % 64)
    guard let start = region.baseAddress, plan.size <= region.count - skipped else {
      throw .exhausted(
        requested: plan.size, available: max(0, region.count - skipped), lower: plan.heaviestLimit)
    }
    unsafe base = start + skipped
    mapping = nil
    self.plan = plan
  }

  /// The buffer that the plan has at this place. Take each buffer once.
  @inlinable
  public func buffer<Element>(_ place: PlannedBuffer<Element>) -> ArenaBuffer<Element> {
    let start = unsafe base + plan[place.index].offset
    return unsafe ArenaBuffer(start.bindMemory(to: Element.self, capacity: place.count), count: place.count)
  }
}
