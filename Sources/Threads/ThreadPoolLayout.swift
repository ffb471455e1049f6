import SwiftletArena
import SwiftletPlatform

/// The memory of a thread pool, known before anything runs.
public struct ThreadPoolLayout: Sendable {
  /// The most threads that a pool can have: more than processors for which sharing such short work pays, or as many
  /// as the system has.
  public static var maximumThreads: Int { min(64, SystemThread.most) }

  /// How many threads share the work; the caller is one of them.
  public let threads: Int
  /// The size of one worker's stack in bytes, whole pages.
  let stackSize: Int
  let stacks: PlannedBuffer<UInt8>?
  let state: PlannedBuffer<UInt8>?

  /// Plans for `threads` threads: for each but the caller a stack above a guard page, and the state that they
  /// share. One thread needs nothing.
  ///
  /// - Throws: `ArenaError` for fewer threads than one or more than `maximumThreads`, or a plan that is full.
  public init(threads: Int, in plan: inout MemoryPlan) throws(ArenaError) {
    guard (1...Self.maximumThreads).contains(threads) else {
      throw .threads(threads, most: Self.maximumThreads)
    }
    self.threads = threads
    stackSize = Self.wholePages(max(Self.smallestStack, SystemThread.minimumStack))
    guard threads > 1 else {
      stacks = nil
      state = nil
      return
    }
    // One page more, because the arena aligns to 64 bytes and guards are whole pages.
    let pages = (threads - 1) * (stackSize / pageSize + 1) + 1
    stacks = try plan.add(
      "thread stacks", UInt8.self, count: pages, times: pageSize, phases: .all, limit: .threads)
    state = try plan.add(
      "thread state", UInt8.self, count: threads, times: Team.lineSize, phases: .all, limit: .threads)
  }

  /// In bytes. Decoding a sentence, whole, takes 12 KiB of stack optimised and 45 KiB not; 5 and 8 KiB of these are
  /// the C library's for the thread itself.
  private static let smallestStack = 64 * 1024

  private static func wholePages(_ bytes: Int) -> Int { (bytes + pageSize - 1) / pageSize * pageSize }
}
