import SwiftletPlatform

/// The memory that the threads of a pool share, by lines of the processor's cache:
///
/// | line | written by | read by | |
/// |---|---|---|---|
/// | 0 | the caller | the workers | the rounds begun, an `EventCount`, and the `Job` of this round |
/// | n | worker n | the caller | the rounds that worker n has ended, an `EventCount` |
///
/// The caller writes the job, then advances line 0. A worker that sees the new count sees the job; it runs its
/// share, then advances its own line. The caller waits for the lines of all workers: then it sees all that they
/// wrote, and they have read the job for the last time, so that it may write the next.
///
/// Count and job travel on one line because they go the same way at the same time: on two lines a round takes a
/// quarter longer. Behind its count a worker's line holds what is written before the worker starts.
@safe struct Team {
  /// The size of a cache line in bytes. Words that different threads write in a round never share a line.
  static let lineSize = 64

  private let lines: UnsafeMutableRawPointer
  /// How many threads there are, with the caller: as many as lines.
  let count: Int

  init(lines: UnsafeMutableRawPointer, count: Int) {
    unsafe self.lines = lines
    self.count = count
  }

  /// The rounds begun.
  var begun: EventCount { unsafe EventCount(at: lines) }

  /// What all threads do in this round.
  var job: UnsafeMutablePointer<Job> { unsafe (lines + 16).assumingMemoryBound(to: Job.self) }

  /// The rounds that a worker has ended; workers count from 1.
  func ended(_ worker: Int) -> EventCount { unsafe EventCount(at: line(worker)) }

  /// What a worker knows of itself.
  func worker(_ worker: Int) -> UnsafeMutablePointer<Worker> {
    unsafe (line(worker) + 16).assumingMemoryBound(to: Worker.self)
  }

  /// A worker's thread, for the caller alone.
  func thread(_ worker: Int) -> UnsafeMutablePointer<SystemThread> {
    unsafe (line(worker) + 48).assumingMemoryBound(to: SystemThread.self)
  }

  private func line(_ worker: Int) -> UnsafeMutableRawPointer { unsafe lines + worker * Self.lineSize }
}

/// What all threads do in one round. No entry means: end.
@safe struct Job {
  let entry: SharedEntry?
  let argument: UnsafeRawPointer?
}
