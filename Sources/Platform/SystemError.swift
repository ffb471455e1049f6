/// A request that the system refused: which one, and its error number.
public struct SystemError: Error, Equatable, Sendable, Describable {
  /// What was asked for.
  public enum Operation: Equatable, Sendable {
    /// Opening a file.
    case open
    /// Making a file.
    case create
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
    /// Keeping a file's pages in memory.
    case lock(bytes: Int, limit: Int?)
    /// Taking memory for a copy of a file.
    case copy(bytes: Int)
  }

  /// The system's error number (`errno`); 0 for a file that is not a regular file.
  public let number: Int32
  /// The request.
  public let operation: Operation

  /// An error of `operation`.
  public init(_ operation: Operation, number: Int32) {
    self.operation = operation
    self.number = number
  }

  static let interrupted: Int32 = 4
  #if canImport(Darwin)
    private static let wouldBlock: Int32 = 35
  #else
    private static let wouldBlock: Int32 = 11
  #endif
  static let outOfMemory: Int32 = 12
  static let tooLarge: Int32 = 27
  static let brokenPipe: Int32 = 32
  static let notImplemented: Int32 = 38

  /// Whether the reader at the other end of a pipe has gone away.
  public var isBrokenPipe: Bool { number == Self.brokenPipe }

  /// Whether a signal came before anything was done: it can be asked for again.
  var isInterruption: Bool { number == Self.interrupted }

  /// Whether a stream that does not wait had nothing to give, or no room.
  var isWouldBlock: Bool { number == Self.wouldBlock }

  /// Writes what failed and why.
  public func describe<Sink: ByteSink & ~Copyable>(to sink: inout Sink) {
    switch operation {
    case .open: sink.write("cannot open it: ")
    case .create: sink.write("cannot create it: ")
    case .status: sink.write("cannot get its size: ")
    case .map: sink.write("cannot map it: ")
    case .read: sink.write("cannot read: ")
    case .write: sink.write("cannot write: ")
    case .thread: sink.write("cannot start a thread: ")
    case .protect: sink.write("cannot guard a stack: ")
    case .lock(let bytes, let limit):
      sink.write("cannot lock ")
      sink.write(bytes)
      sink.write(" bytes in memory")
      if let limit {
        sink.write(", allowed are ")
        sink.write(limit)
      }
      sink.write(": ")
    case .copy(let bytes):
      sink.write("no memory for a copy of ")
      sink.write(bytes)
      sink.write(" bytes: ")
    }
    if number == 0 {
      sink.write("not a regular file")
    } else if let text = Self.text(of: number) {
      sink.write(text)
    } else {
      sink.write("system error ")
      sink.write(Int(number))
    }
  }
}
