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
    unsafe withUnsafePointer(to: work) { unsafe share(Work.entry, $0, size: work.size) }
  }

  /// The same for all kinds of work, so that the code of each is there once.
  @inline(never)
  private mutating func share(_ entry: SharedEntry, _ work: UnsafeRawPointer, size: Int) {
    if count == 1 || size < Self.leastShared { unsafe entry(work, 0, 1) } else { unsafe run(entry, work) }
  }
}
