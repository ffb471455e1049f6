#if !(canImport(Glibc) || canImport(Musl) || canImport(Darwin) || arch(wasm32))
  import SwiftletMachine
  internal import Synchronization

  /// Threads, of Linux itself, without a C library.
  extension System {
    /// The word at the top of the thread's stack: the kernel writes the thread's number there when it begins, and
    /// zero when it has left the stack for good.
    typealias Thread = UnsafeMutablePointer<UInt32>

    static var mostThreads: Int { .max }

    static var minimumStack: Int { pageSize }

    static func startThread(
      _ stack: UnsafeMutableRawBufferPointer, _ argument: UnsafeMutableRawPointer, _ body: SystemThread.Body
    ) throws(SystemError) -> Thread {
      let alignment = 16  // of a stack, on every processor
      let top = unsafe stack.baseAddress.unsafelyUnwrapped + (stack.count - alignment)
      let thread = unsafe top.assumingMemoryBound(to: UInt32.self)
      // A thread begins with the signal mask of the thread that starts it.
      let busError: UInt64 = 1 << 6
      let before = setBlockedSignals(~busError)
      let result = unsafe machine_clone(CloneFlags.thread, top, thread, body, argument)
      _ = setBlockedSignals(before)
      _ = try check(result, .thread)
      return unsafe thread
    }

    /// Sets which signals wait, a bit for each from signal 1 on; returns those that waited before.
    private static func setBlockedSignals(_ signals: UInt64) -> UInt64 {
      let (setAll, bytes) = (2, 8)
      var (new, old) = (signals, UInt64(0))
      unsafe withUnsafePointer(to: &new) { new in
        unsafe withUnsafeMutablePointer(to: &old) { old in
          _ = SystemCall.call(
            SystemCall.signalMask, setAll, Int(bitPattern: new), Int(bitPattern: old), bytes)
        }
      }
      return old
    }

    static func join(_ thread: Thread) {
      let word = unsafe UnsafeMutableRawPointer(thread).assumingMemoryBound(to: Atomic<UInt32>.self)
      while true {
        let number = unsafe word.pointee.load(ordering: .acquiring)
        if number == 0 { return }
        // The kernel wakes for this word as for one that processes share.
        unsafe futex(thread, wait, number)
      }
    }

    private static let (wait, wake, amongThreads) = (0, 1, 0x80)

    private static func futex(_ word: UnsafeMutablePointer<UInt32>, _ operation: Int, _ value: UInt32) {
      _ = SystemCall.call(
        SystemCall.futex, Int(bitPattern: word), operation, Int(bitPattern: UInt(value)))
    }

    static func wait(_ word: UnsafeMutablePointer<UInt32>, while value: UInt32) {
      unsafe futex(word, wait | amongThreads, value)
    }

    static func wake(_ word: UnsafeMutablePointer<UInt32>) {
      let all = UInt32(Int32.max)
      unsafe futex(word, wake | amongThreads, all)
    }

    static func protect(_ pages: UnsafeMutableRawBufferPointer, allowsAccess: Bool) throws(SystemError) {
      let protection = allowsAccess ? readable | writable : 0
      let result = SystemCall.call(
        SystemCall.protect, Int(bitPattern: pages.baseAddress), pages.count, protection)
      _ = try check(result, .protect)
    }

    static var monotonicNanoseconds: UInt64 {
      let monotonic = 1
      var time = InlineArray<2, Int64>(repeating: 0)
      #if arch(arm)
        // Linux 5.1 has the first of the two, whose seconds have 64 bits.
        let isRead = unsafe withUnsafeMutablePointer(to: &time) {
          SystemCall.call(SystemCall.clock64, monotonic, Int(bitPattern: $0)) == 0
        }
        if !isRead {
          var time = InlineArray<2, UInt32>(repeating: 0)
          unsafe withUnsafeMutablePointer(to: &time) {
            _ = SystemCall.call(SystemCall.clock, monotonic, Int(bitPattern: $0))
          }
          return UInt64(time[0]) * 1_000_000_000 + UInt64(time[1])
        }
      #else
        unsafe withUnsafeMutablePointer(to: &time) {
          _ = SystemCall.call(SystemCall.clock, monotonic, Int(bitPattern: $0))
        }
      #endif
      return UInt64(bitPattern: time[0]) * 1_000_000_000 + UInt64(bitPattern: time[1])
    }

    static var usableProcessors: Int? {
      var set = ProcessorSet()
      let thisThread = 0
      let written = unsafe withUnsafeMutablePointer(to: &set.bits) {
        SystemCall.call(SystemCall.affinity, thisThread, ProcessorSet.size, Int(bitPattern: $0))
      }
      return written > 0 ? set.count : nil
    }

    static var currentProcessor: UInt32? {
      var number: UInt32 = 0
      let result = unsafe withUnsafeMutablePointer(to: &number) {
        SystemCall.call(SystemCall.processor, Int(bitPattern: $0))
      }
      return result == 0 ? number : nil
    }
  }

  /// What a new thread shares with the one that starts it, and what the kernel does for it.
  private enum CloneFlags {
    private static let (memory, directory, files, handlers) = (0x100, 0x200, 0x400, 0x800)
    private static let (process, semaphores) = (0x10000, 0x40000)
    /// The word gets the thread's number when it begins, and zero when it ends.
    private static let (writesNumber, clearsNumber) = (0x10_0000, 0x20_0000)

    static let thread = UInt(
      memory | directory | files | handlers | process | semaphores | writesNumber | clearsNumber)
  }
#endif
