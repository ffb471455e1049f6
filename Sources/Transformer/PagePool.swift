import SwiftletArena
import SwiftletKernels
import SwiftletPlatform

/// The parts of an arena that say which pages of the decoder's cache hold what.
struct PagePoolLayout: Sendable {
  let tables: PlannedBuffer<UInt32>
  let references: PlannedBuffer<UInt32>
  let free: PlannedBuffer<UInt32>
  let slots: Int
  let pagesPerSlot: Int

  /// Plans tables of `slots` sequences of up to `tokens` tokens.
  init(slots: Int, tokens: Int, in plan: inout MemoryPlan) throws(ArenaError) {
    self.slots = slots
    pagesPerSlot = pageCount(tokens: tokens)
    tables = try plan.add(
      "page tables", UInt32.self, count: slots, times: pagesPerSlot, phases: .all, limit: .target)
    references = try plan.add(
      "page references", UInt32.self, count: slots, times: pagesPerSlot, phases: .all, limit: .target)
    free = try plan.add(
      "free pages", UInt32.self, count: slots, times: pagesPerSlot, phases: .all, limit: .target)
  }

  /// As many pages as the tables have entries: enough, whichever are shared.
  var pages: Int { slots * pagesPerSlot }
}

/// Which pages of 16 tokens hold the keys and values of each slot's sequence. Slots that began alike share pages, and
/// a shared page is copied when one of them goes on in it.
///
/// A page in use is counted once for each table that lists it, so there are never more of them than entries of tables:
/// with as many pages as entries, one is always free when it is needed.
struct PagePool: ~Copyable {
  private let tables: ArenaBuffer<UInt32>
  private let references: ArenaBuffer<UInt32>
  private let free: ArenaBuffer<UInt32>
  private let pagesPerSlot: Int
  private var freeCount: Int

  /// A pool whose pages are all free.
  init(_ layout: PagePoolLayout, in arena: borrowing Arena) {
    tables = arena.buffer(layout.tables)
    references = arena.buffer(layout.references)
    free = arena.buffer(layout.free)
    pagesPerSlot = layout.pagesPerSlot
    freeCount = layout.pages
    // The last one is taken first: page 0.
    for page in 0..<freeCount {
      unsafe free.pointer[page] = UInt32(truncatingIfNeeded: freeCount - 1 - page)
    }
  }

  /// The pages of a slot's sequence.
  func table(_ slot: Int) -> UnsafeMutablePointer<UInt32> { unsafe tables.pointer + slot * pagesPerSlot }

  /// Gives up a slot's `tokens` tokens, but for the first `kept`.
  mutating func release(_ slot: Int, tokens: Int, but kept: Int = 0) {
    let table = unsafe table(slot)
    for place in pageCount(tokens: kept)..<pageCount(tokens: tokens) { unsafe release(page: table[place]) }
  }

  private mutating func release(page: UInt32) {
    let count = unsafe references.pointer + Int(truncatingIfNeeded: page)
    unsafe count.pointee -= 1
    guard unsafe count.pointee == 0 else { return }
    unsafe free.pointer[freeCount] = page
    freeCount += 1
  }

  /// Lets a slot that holds nothing share another's `tokens` tokens.
  mutating func share(_ slot: Int, tokens: Int, with other: Int) {
    let (table, new) = unsafe (table(slot), table(other))
    for place in 0..<pageCount(tokens: tokens) {
      unsafe new[place] = table[place]
      unsafe references.pointer[Int(truncatingIfNeeded: table[place])] += 1
    }
  }

  /// Makes the page of a slot's next token, at `position`, the slot's own: a free one, or a copy of one that it shares.
  mutating func prepare(_ slot: Int, position: Int, in cache: KeyValueView) {
    let entry = unsafe table(slot) + position / tokensPerPage
    if position % tokensPerPage == 0 {
      unsafe entry.pointee = take()
    } else if unsafe references.pointer[Int(truncatingIfNeeded: entry.pointee)] > 1 {
      let (shared, own) = unsafe (entry.pointee, take())
      cache.copy(page: Int(truncatingIfNeeded: shared), to: Int(truncatingIfNeeded: own))
      release(page: shared)
      unsafe entry.pointee = own
    }
  }

  private mutating func take() -> UInt32 {
    freeCount -= 1
    let page = unsafe free.pointer[freeCount]
    unsafe references.pointer[Int(truncatingIfNeeded: page)] = 1
    return page
  }
}
