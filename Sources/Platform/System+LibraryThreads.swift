#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif
#if os(Linux)
  import SwiftletMachine
#endif

#if canImport(Glibc) || canImport(Musl) || canImport(Darwin)
  /// Threads, by way of the C library.
  extension System {
    typealias Thread = pthread_t

    static var mostThreads: Int { .max }

    static var minimumStack: Int { max(0, sysconf(Int32(_SC_THREAD_STACK_MIN))) }

    static func startThread(
      _ stack: UnsafeMutableRawBufferPointer, _ argument: UnsafeMutableRawPointer, _ body: SystemThread.Body
    ) throws(SystemError) -> Thread {
      var attributes = pthread_attr_t()
      try unsafe check(pthread_attr_init(&attributes))
      defer { unsafe pthread_attr_destroy(&attributes) }
      try unsafe check(pthread_attr_setstack(&attributes, stack.baseAddress.unsafelyUnwrapped, stack.count))
      #if canImport(Glibc)
        var thread = pthread_t()
      #else
        var thread: pthread_t?
      #endif
      // A thread begins with the signal mask of the thread that starts it.
      var blocked = sigset_t()
      var before = sigset_t()
      unsafe sigfillset(&blocked)
      unsafe sigdelset(&blocked, SIGBUS)
      unsafe pthread_sigmask(SIG_SETMASK, &blocked, &before)
      let failure = unsafe pthread_create(&thread, &attributes, body, argument)
      unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
      try check(failure)
      #if canImport(Glibc)
        return thread
      #else
        return thread.unsafelyUnwrapped  // A thread that was started has an identity.
      #endif
    }

    private static func check(_ failure: Int32) throws(SystemError) {
      guard failure == 0 else { throw SystemError(.thread, number: failure) }
    }

    static func join(_ thread: Thread) { pthread_join(thread, nil) }

    static func wait(_ word: UnsafeMutablePointer<UInt32>, while value: UInt32) {
      #if os(Linux)
        unsafe machine_futex_wait(word, value)
      #else
        sched_yield()
      #endif
    }

    static func wake(_ word: UnsafeMutablePointer<UInt32>) {
      #if os(Linux)
        unsafe machine_futex_wake(word)
      #endif
    }

    static func protect(_ pages: UnsafeMutableRawBufferPointer, allowsAccess: Bool) throws(SystemError) {
      guard
        unsafe mprotect(pages.baseAddress, pages.count, allowsAccess ? PROT_READ | PROT_WRITE : PROT_NONE)
          == 0
      else {
        throw SystemError(.protect, number: errno)
      }
    }

    static var monotonicNanoseconds: UInt64 {
      var time = timespec()
      unsafe clock_gettime(CLOCK_MONOTONIC, &time)
      return UInt64(truncatingIfNeeded: time.tv_sec) * 1_000_000_000
        + UInt64(truncatingIfNeeded: time.tv_nsec)
    }

    static var usableProcessors: Int? {
      #if os(Linux)
        var set = ProcessorSet()
        return unsafe machine_affinity(&set.bits, UInt(ProcessorSet.size)) > 0 ? set.count : nil
      #else
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return count > 0 ? count : nil
      #endif
    }

    static var currentProcessor: UInt32? {
      #if os(Linux)
        UInt32(exactly: machine_processor())
      #else
        nil
      #endif
    }
  }
#endif
