import SwiftletMachine
import SwiftletPlatform
internal import Synchronization

/// A count in shared memory that one thread advances and others wait for (Reed and Kanodia, "Synchronization with
/// Eventcounts and Sequencers", 1979).
///
/// One 32-bit word holds all of it: the count in the upper 31 bits, and in the lowest whether anyone sleeps. So
/// every change is a step in the one order that a single atomic word has, on every processor, and no fence
/// between two words is needed:
///
/// - *Visibility.* `advance` releases, `wait` acquires: what was written before `advance` is read after `wait`.
/// - *No lost wake-up.* A thread sets the sleeping bit by compare-and-exchange on the old count. Comes it before
///   the exchange of `advance`, then `advance` gets the bit back and wakes; comes it after, then it fails and the
///   thread has the new count. Between setting the bit and falling asleep `advance` may intervene: the system
///   compares the word once more before it lets a thread sleep.
/// - *No system call unless someone sleeps.* `advance` clears the bit with the same exchange that reads it.
struct EventCount {
  /// One step of the count, which is above the sleeping bit. The count wraps around.
  static let step: UInt32 = 2
  private static let sleeping: UInt32 = 1

  private let address: UnsafeMutableRawPointer

  /// The count at `address`, four bytes on a line of the cache that is its own.
  init(at address: UnsafeMutableRawPointer) { self.address = address }

  // The library's type is named only inside functions: a property of that type would need its metadata, and
  // with it the library.
  private var word: UnsafeMutablePointer<Atomic<UInt32>> {
    address.assumingMemoryBound(to: Atomic<UInt32>.self)
  }
  private var futex: UnsafeMutablePointer<UInt32> { address.assumingMemoryBound(to: UInt32.self) }

  /// Begins at zero. No other thread may know of the count yet.
  func initialize() { word.initialize(to: Atomic(0)) }

  /// Sets the count to `new` and wakes who sleeps. Only one thread advances a count.
  ///
  /// - Complexity: one atomic exchange; a system call only if a thread sleeps.
  func advance(to new: UInt32) {
    let old = word.pointee.exchange(new, ordering: .releasing)
    if old & Self.sleeping != 0 { Futex.wake(futex) }
  }

  /// Returns the count as soon as it is not `old`: first looks again and again, for `spin` nanoseconds, then sleeps.
  func wait(after old: UInt32, spin: UInt64) -> UInt32 {
    var deadline: UInt64 = 0
    while true {
      // Some microseconds without a look at the clock: the usual case ends here.
      for _ in 0..<64 {
        let now = word.pointee.load(ordering: .acquiring) & ~Self.sleeping
        if now != old { return now }
        machine_pause()
      }
      SystemThread.yield()
      let time = monotonicNanoseconds()
      if deadline == 0 { deadline = time + spin }
      if time >= deadline { return sleep(after: old) }
    }
  }

  private func sleep(after old: UInt32) -> UInt32 {
    let asleep = old | Self.sleeping
    while true {
      // Failing with `asleep` means that another thread sleeps already: the bit is set, and that is enough.
      let now = word.pointee.compareExchange(expected: old, desired: asleep, ordering: .acquiring).original
      if now & ~Self.sleeping != old { return now & ~Self.sleeping }
      Futex.wait(futex, while: asleep)
    }
  }
}
