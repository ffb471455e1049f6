import SwiftletThreads

/// Work that says how much it is, so that what is short stays on one thread.
protocol SizedWork: SharedWork {
  /// About how many bytes of weights or caches one thread would have to read, or as long as that takes.
  var size: Int { get }
}

extension ThreadPool {
  /// Sharing costs about as much time as reading so many bytes.
  private static var leastShared: Int { 32_768 }

  /// Runs `work` on all threads if it is worth that, else here. The result is the same.
  mutating func share<Work: SizedWork>(_ work: Work) {
    if count == 1 || work.size < Self.leastShared {
      work.run(Share(0, of: 1))
    } else {
      run(work)
    }
  }
}
