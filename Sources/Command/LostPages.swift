import SwiftletPlatform
internal import Synchronization

/// What happens when the model's file loses pages while it is mapped: an error, not a core dump.
enum LostPages {
  /// The model's path: all that the handler can know.
  nonisolated(unsafe) private static var model: Word?

  /// From now on, such a loss is told as an error of the model at `path`, and ends the process.
  static func areErrors(of path: Word) {
    unsafe model = path
    onLostPage { _ in
      LostPages.takeTurn()
      LostPages.complain()
      endProcessAtOnce(ExitStatus.failure.rawValue)
    }
  }

  /// Zero until a thread has begun to complain.
  nonisolated(unsafe) private static var threads: UInt32 = 0

  /// Returns in the first thread that misses a page; the others sleep until the process ends.
  private static func takeTurn() {
    unsafe withUnsafeMutablePointer(to: &threads) { word in
      let count = unsafe UnsafeMutableRawPointer(word).assumingMemoryBound(to: Atomic<UInt32>.self)
      if unsafe count.pointee.exchange(1, ordering: .relaxed) == 0 { return }
      while true { unsafe Futex.wait(word, while: 1) }
    }
  }

  private static func complain() {
    guard let model = unsafe model else { return }
    Console.complain {
      unsafe $0.write(model.bytes)
      $0.write(": a page of it is gone: the file was cut short, or its disk failed")
    }
  }
}
