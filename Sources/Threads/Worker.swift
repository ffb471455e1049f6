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
    let (begun, ended, job) = unsafe (team.begun, team.ended(index), team.job)
    var round: UInt32 = 0
    while true {
      round = begun.wait(after: round, spin: spin, own: ended)
      guard let entry = unsafe job.pointee.entry, let argument = unsafe job.pointee.argument else { return }
      unsafe entry(argument, index, team.count)
      ended.advance(to: round)
    }
  }

  /// What the system calls on the new thread.
  static var body: SystemThread.Body {
    { argument in
      let worker: UnsafeMutableRawPointer? = unsafe argument
      unsafe worker.unsafelyUnwrapped.load(as: Worker.self).work()  // Whoever starts the thread gives one.
      return nil
    }
  }
}
