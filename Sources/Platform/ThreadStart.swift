#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread of the system, on a stack that the caller gives.
///
/// With the GNU C library the top of the stack also holds the thread's descriptor and thread-local storage, and
/// starting a thread allocates once, for the index of that storage: some hundred bytes, freed by `join()`.
public struct SystemThread: BitwiseCopyable {
  #if canImport(Darwin)
    /// What a thread runs.
    public typealias Body = @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?
  #else
    /// What a thread runs.
    public typealias Body = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
  #endif

  /// The smallest stack that a thread can be started on, in bytes.
  public static var minimumStack: Int { max(0, sysconf(Int32(_SC_THREAD_STACK_MIN))) }

  private let id: pthread_t

  /// Starts a thread that calls `body` with `argument`. All signals are blocked in it: they go to other threads.
  ///
  /// - Parameter stack: Whole pages, no smaller than `minimumStack`, that stay until `join()` has returned.
  /// - Throws: `SystemError` if the system has no more threads or refuses the stack.
  public init(
    stack: UnsafeMutableRawBufferPointer, _ argument: UnsafeMutableRawPointer, _ body: Body
  ) throws(SystemError) {
    var attributes = pthread_attr_t()
    var failure = pthread_attr_init(&attributes)
    guard failure == 0 else { throw SystemError(.thread, number: failure) }
    defer { pthread_attr_destroy(&attributes) }
    failure = pthread_attr_setstack(&attributes, stack.baseAddress.unsafelyUnwrapped, stack.count)
    guard failure == 0 else { throw SystemError(.thread, number: failure) }
    #if canImport(Glibc)
      var id = pthread_t()
    #else
      var id: pthread_t?
    #endif
    // A thread begins with the signal mask of the thread that starts it.
    var every = sigset_t()
    var before = sigset_t()
    sigfillset(&every)
    pthread_sigmask(SIG_SETMASK, &every, &before)
    failure = pthread_create(&id, &attributes, body, argument)
    pthread_sigmask(SIG_SETMASK, &before, nil)
    guard failure == 0 else { throw SystemError(.thread, number: failure) }
    #if canImport(Glibc)
      self.id = id
    #else
      self.id = id.unsafelyUnwrapped  // A thread that was started has an identity.
    #endif
  }

  /// Waits for the thread's end. Call it once; after it the stack is free.
  public func join() {
    pthread_join(id, nil)
  }
}
