import SwiftletPlatform

/// The memory that the threads of a pool share, by lines of the processor's cache:
///
/// | line | written by | read by | |
/// |---|---|---|---|
/// | 0 | the caller | all workers | the rounds begun, an `EventCount` |
/// | 1 | the caller | all workers | the work of this round, a `Job` |
/// | 1 + n | worker n | the caller | the rounds that worker n has ended, an `EventCount`; behind it, written before the thread starts, its `Worker` |
///
/// The caller writes the job, then advances line 0. A worker that sees the new count sees the job; it runs its
/// share, then advances its own line. The caller waits for the lines of all workers: then it sees all that they
/// wrote, and they have read the job for the last time, so that it may write the next.
struct Team {
  /// The size of a cache line in bytes. Two words that different threads write in a round never share a line.
  static let lineSize = 64

  /// How many lines the state of so many threads takes.
  static func lines(threads: Int) -> Int { threads + 1 }

  private let state: UnsafeMutableRawPointer
  /// How many threads there are, with the caller.
  let count: Int

  init(state: UnsafeMutableRawPointer, count: Int) {
    self.state = state
    self.count = count
  }

  /// The rounds begun.
  var begun: EventCount { EventCount(at: state) }

  /// What all threads do in this round.
  var job: UnsafeMutablePointer<Job> { (state + Self.lineSize).assumingMemoryBound(to: Job.self) }

  /// The rounds that a worker has ended; workers count from 1.
  func ended(_ worker: Int) -> EventCount { EventCount(at: line(worker)) }

  /// What a worker knows of itself.
  func worker(_ worker: Int) -> UnsafeMutablePointer<Worker> {
    (line(worker) + 16).assumingMemoryBound(to: Worker.self)
  }

  /// A worker's thread, for the caller alone.
  func thread(_ worker: Int) -> UnsafeMutablePointer<SystemThread> {
    (line(worker) + 48).assumingMemoryBound(to: SystemThread.self)
  }

  private func line(_ worker: Int) -> UnsafeMutableRawPointer { state + (1 + worker) * Self.lineSize }
}

/// What all threads do in one round. No entry means: end.
struct Job {
  let entry: SharedEntry?
  let argument: UnsafeRawPointer?
}
