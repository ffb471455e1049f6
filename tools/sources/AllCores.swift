import Foundation

/// Work on all cores, or on this thread alone where the system has not enough threads or open files left: there Dispatch
/// would wait for threads for ever, or end the process because it can't open what it needs for itself.
public enum AllCores {
  /// Calls `body` with each number below `count`, in no order, and returns when all calls have.
  public static func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if canStart { return DispatchQueue.concurrentPerform(iterations: count, execute: body) }
    for index in 0..<count { body(index) }
  }

  #if os(Linux)
    /// Whether the system gives what Dispatch needs: asked once.
    private static let canStart =
      hasDescriptors && hasThreads(ProcessInfo.processInfo.activeProcessorCount + 1)

    /// Whether as many files can be opened as Dispatch opens for its events.
    private static var hasDescriptors: Bool {
      let opened = (0..<8).map { _ in unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) }
      for descriptor in opened where descriptor >= 0 { close(descriptor) }
      return opened.allSatisfy { $0 >= 0 }
    }

    /// Whether there can be so many more threads at once: each starts the next, and waits for its end.
    private static func hasThreads(_ count: Int) -> Bool {
      if count == 0 { return true }
      var thread = pthread_t()
      guard unsafe pthread_create(&thread, nil, startNext, UnsafeMutableRawPointer(bitPattern: count)) == 0
      else {
        return false
      }
      var result: UnsafeMutableRawPointer?
      unsafe pthread_join(thread, &result)
      return unsafe result != nil
    }

    /// What such a thread does. It returns nothing if one after it was refused.
    private static let startNext: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      unsafe AllCores.hasThreads(Int(bitPattern: $0) - 1) ? UnsafeMutableRawPointer(bitPattern: 1) : nil
    }
  #else
    private static let canStart = true
  #endif
}
