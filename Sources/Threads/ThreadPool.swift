import SwiftletArena
import SwiftletPlatform

/// Threads that do short pieces of work together: they fork and join in well below a microsecond while each has a
/// processor.
///
/// The caller is share 0 and works too; `count` − 1 workers wait for it. They look for the next round for
/// `spinTime`, so that the many short rounds of one decoding step cost no system call, and then sleep, so that a
/// program that waits for input costs nothing. All they need lies in the arena. After `init` nothing is allocated,
/// and no lock is taken.
///
/// The pool must end before its arena does: a type that holds both declares the pool first, because stored
/// properties end in the order of their declaration.
///
/// Rounds don't nest. `run` is `mutating`, so that the compiler refuses work that runs the pool that it runs on, and
/// two threads that run one pool.
public struct ThreadPool: ~Copyable {
  /// How long a thread looks again and again for what it waits for, in nanoseconds, before it sleeps.
  public static let spinTime: UInt64 = 100_000

  /// How many threads share the work, with the caller.
  public let count: Int
  private let team: (memory: Team, stacks: WorkerStacks)?
  private let spin: UInt64
  private var round: UInt32 = 0

  /// Starts the workers.
  ///
  /// - Throws: `SystemError` if the system refuses a thread or a guard page; then none is left running.
  public init(_ layout: ThreadPoolLayout, in arena: borrowing Arena) throws(SystemError) {
    count = layout.threads
    guard let state = layout.state, let stacks = layout.stacks else {
      spin = 0
      team = nil
      return
    }
    // With more threads than processors, who spins keeps those from working for whom it waits.
    spin = count <= usableProcessors() ? Self.spinTime : 0
    let memory = unsafe Team(lines: UnsafeMutableRawPointer(arena.buffer(state).pointer), count: count)
    let stackMemory = unsafe WorkerStacks(in: arena.buffer(stacks).bytes, size: layout.stackSize)
    try memory.start(on: stackMemory, spin: spin)
    team = (memory, stackMemory)
  }

  /// Calls `entry(argument, share, count)` for every share, all at once, and returns when all have returned. What
  /// they wrote is there to read.
  ///
  /// - Complexity: beyond the work itself, an atomic exchange by each thread, and a system call if workers sleep.
  ///   With one thread a plain call.
  public mutating func run(_ entry: SharedEntry, _ argument: UnsafeRawPointer) {
    guard let (memory, _) = team else { return unsafe entry(argument, 0, 1) }
    let before = round
    round &+= EventCount.step
    unsafe memory.job.initialize(to: Job(entry: entry, argument: argument))
    memory.begun.advance(to: round)
    unsafe entry(argument, 0, count)
    for worker in 1..<count {
      _ = memory.ended(worker).wait(after: before, spin: spin, own: memory.begun)
    }
  }

  deinit {
    guard let (memory, stacks) = team else { return }
    memory.stop(workers: count - 1, on: stacks, round: round &+ EventCount.step)
  }
}
