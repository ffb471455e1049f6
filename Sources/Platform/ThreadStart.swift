/// A thread of the system, on a stack that the caller gives.
///
/// With the GNU C library the top of the stack also holds the thread's descriptor and thread-local storage, and
/// starting a thread allocates once, for the index of that storage: some hundred bytes, freed by `join()`. Without a
/// C library a thread has nothing but its stack.
@safe public struct SystemThread: BitwiseCopyable {
  #if canImport(Darwin)
    /// What a thread runs.
    public typealias Body = @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer?
  #else
    /// What a thread runs.
    public typealias Body = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
  #endif

  /// The most threads that a process can have.
  public static var most: Int { System.mostThreads }

  /// The smallest stack that a thread can be started on, in bytes.
  public static var minimumStack: Int { System.minimumStack }

  private let thread: System.Thread

  /// Starts a thread that calls `body` with `argument`.
  ///
  /// All signals are blocked in it, so that they go to other threads, but for the one that is caused by a thread's
  /// own access to a lost page of a file (see `onLostPage`).
  ///
  /// - Parameter stack: Whole pages, no smaller than `minimumStack`, that stay until `join()` has returned.
  /// - Throws: `SystemError` if the system has no more threads or refuses the stack.
  public init(
    stack: UnsafeMutableRawBufferPointer, _ argument: UnsafeMutableRawPointer, _ body: Body
  ) throws(SystemError) {
    unsafe thread = try unsafe System.startThread(stack, argument, body)
  }

  /// Waits for the thread's end. Call it once; after it the stack is free.
  public func join() { unsafe System.join(thread) }
}
