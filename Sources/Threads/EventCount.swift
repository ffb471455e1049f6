import SwiftletMachine
import SwiftletPlatform
internal import Synchronization

/// A count in shared memory that one thread, its owner, advances and others wait for (Reed and Kanodia,
/// "Synchronization with Eventcounts and Sequencers", 1979).
///
/// One 32-bit word holds all of it: the count in the upper 31 bits, and in the lowest whether anyone sleeps. Every
/// change is a step in the one order that a single atomic word has on every processor, so no fence between two words
/// is needed:
///
/// - *Visibility.* `advance` releases and `wait` acquires: what was written before `advance` is seen after `wait`.
///   The exchange that sets the sleeping bit may come between; it is a read-modify-write, and so carries the release on.
/// - *No lost wake-up.* A thread sets the sleeping bit by compare-and-exchange on the old count. If that comes before
///   the exchange of `advance`, then `advance` gets the bit back and wakes; if after, it fails, and the thread has the
///   new count. Should `advance` come between setting the bit and falling asleep, the thread doesn't fall asleep:
///   the system compares the word once more.
/// - *No system call unless someone sleeps.* `advance` clears the bit by the exchange that reads it.
@safe struct EventCount {
  /// One step of the count, which is above the sleeping bit. The count wraps around.
  static let step: UInt32 = 2
  private static let sleeping: UInt32 = 1
  private static let nowhere = UInt32.max

  private let address: UnsafeMutableRawPointer

  /// The count at `address`: eight bytes on a cache line to which only the owner writes while it advances.
  init(at address: UnsafeMutableRawPointer) { unsafe self.address = address }

  // The library's type is named only inside functions: a property of that type would need its metadata at run time,
  // and with it the library.
  private var word: UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe address.assumingMemoryBound(to: Atomic<UInt32>.self)
  }
  /// Where the owner ran when it last had to wait: a hint, perhaps out of date, that orders nothing.
  private var processor: UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe (address + 4).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  /// Begins at zero. No other thread may know of the count yet.
  func initialize() {
    unsafe word.initialize(to: Atomic(0))
    unsafe processor.initialize(to: Atomic(Self.nowhere))
  }

  /// Sets the count to `new` and wakes who sleeps.
  ///
  /// - Complexity: one atomic exchange; a system call only if a thread sleeps.
  func advance(to new: UInt32) {
    let old = unsafe word.pointee.exchange(new, ordering: .releasing)
    if old & Self.sleeping != 0 { unsafe Futex.wake(address.assumingMemoryBound(to: UInt32.self)) }
  }

  /// Returns the count as soon as it isn't `old`: looks again and again, for some `spin` nanoseconds, then sleeps.
  ///
  /// Who spins on the processor that the owner needs keeps it from advancing. So it sleeps as soon as it finds that
  /// both were last seen on the same one. (Yielding is no way out: a third program would run for its whole slice.)
  ///
  /// - Parameter own: The count of the thread that waits.
  func wait(after old: UInt32, spin: UInt64, own: EventCount) -> UInt32 {
    var deadline: UInt64?
    while true {
      // A few microseconds, in which most waits end, without asking the system for anything.
      for _ in 0..<64 {
        let now = unsafe word.pointee.load(ordering: .acquiring) & ~Self.sleeping
        if now != old { return now }
        machine_pause()
      }
      let time = monotonicNanoseconds()
      let end = deadline ?? time + spin
      if time >= end || own.sharesProcessor(with: self) { return sleep(after: old) }
      deadline = end
    }
  }

  private func sleep(after old: UInt32) -> UInt32 {
    let asleep = old | Self.sleeping
    while true {
      // Finding `asleep` there means that another thread sleeps already: the bit is set, which is all it takes.
      let now = unsafe word.pointee.compareExchange(expected: old, desired: asleep, ordering: .acquiring)
        .original
      if now & ~Self.sleeping != old { return now & ~Self.sleeping }
      unsafe Futex.wait(address.assumingMemoryBound(to: UInt32.self), while: asleep)
    }
  }

  /// Notes where the owner, which calls this, runs; returns whether the other count's owner was last seen there.
  private func sharesProcessor(with other: EventCount) -> Bool {
    guard let current = currentProcessor() else { return false }
    // Written only when it is new: others look at this line.
    if unsafe processor.pointee.load(ordering: .relaxed) != current {
      unsafe processor.pointee.store(current, ordering: .relaxed)
    }
    return unsafe other.processor.pointee.load(ordering: .relaxed) == current
  }
}
