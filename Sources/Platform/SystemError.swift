#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A request that the system refused: which one, and its `errno`.
public struct SystemError: Error, Equatable, Sendable, Describable {
  /// What was asked for.
  public enum Operation: Sendable {
    /// Opening a file.
    case open
    /// Asking a file for its size.
    case status
    /// Mapping a file or memory.
    case map
    /// Reading.
    case read
    /// Writing.
    case write
    /// Starting a thread.
    case thread
    /// Forbidding the use of memory.
    case protect
  }

  /// The request.
  public let operation: Operation
  /// The system's error number; 0 for a file that is empty or not a regular file.
  public let number: Int32

  /// An error of `operation`, by default with the number that the system has just left in `errno`.
  public init(_ operation: Operation, number: Int32 = errno) {
    self.operation = operation
    self.number = number
  }

  /// Whether the reader at the other end of a pipe has gone away.
  public var isBrokenPipe: Bool { number == EPIPE }

  /// Writes what failed and why.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch operation {
    case .open: sink.write("cannot open it: ")
    case .status: sink.write("cannot get its size: ")
    case .map: sink.write("cannot map it: ")
    case .read: sink.write("cannot read: ")
    case .write: sink.write("cannot write: ")
    case .thread: sink.write("cannot start a thread: ")
    case .protect: sink.write("cannot guard a stack: ")
    }
    guard number != 0, let text = strerror(number) else { return sink.write("not a regular file") }
    sink.write(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }
}
