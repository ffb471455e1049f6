import SwiftletPlatform

/// One thread besides the caller, from its start to its end.
struct Worker {
  /// Which share is its own: 1 and up.
  let index: Int
  let team: Team
  /// How long it looks for the next round before it sleeps, in nanoseconds.
  let spin: UInt64

  /// Does its share of every round until there is no more work.
  func work() {
    let (begun, ended, job) = (team.begun, team.ended(index), team.job)
    var round: UInt32 = 0
    while true {
      round = begun.wait(after: round, spin: spin, own: ended)
      guard let entry = job.pointee.entry, let argument = job.pointee.argument else { return }
      entry(argument, index, team.count)
      ended.advance(to: round)
    }
  }

  /// What the system calls on the new thread.
  static var body: SystemThread.Body {
    { argument in
      let worker: UnsafeMutableRawPointer? = argument
      worker.unsafelyUnwrapped.load(as: Worker.self).work()  // Whoever starts the thread gives one.
      return nil
    }
  }
}
