import Foundation

/// What a host program says: results on standard output, everything else on standard error.
public struct Console: Sendable {
  private let program: String
  /// Whether progress is shown: on a terminal, unless switched off.
  private let showsProgress: Bool

  /// The console of a program.
  ///
  /// From here on, writing to a closed pipe, or past the size that a file may have, is an error that the program sees,
  /// not a signal that ends it; and a mapped file that loses pages is an error that ends it (see `endsWhenPagesAreLost`).
  public init(_ program: String, showsProgress: Bool = true) {
    self.program = program
    self.showsProgress = showsProgress && isatty(2) == 1
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    endsWhenPagesAreLost {}
  }

  /// Ends the program with an error that names the file when a mapped file loses pages.
  ///
  /// - Parameter cleanUp: Called before the end, in the handler of a signal: it must not allocate.
  public func endsWhenPagesAreLost(cleanUp: @escaping @convention(c) () -> Void) {
    LostPages.areErrors(of: program, cleanUp: cleanUp)
  }

  /// A line on standard error, if that can be written to.
  public func complain(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(program): \(text)\n".utf8))
  }

  /// Wrong usage: what, and where help is. Returns the status to exit with.
  public func wrongUsage(_ error: UsageError) -> Int32 {
    complain("error: \(error.text)")
    complain("try \(program) --help")
    return 2
  }

  /// Writes to standard output. Returns the status to exit with: 0, or 1 after a complaint. A reader that has gone
  /// away is told nothing.
  public func show(_ text: String) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var output = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&output, 1, -1)
      } else if errno != EINTR {
        if errno != EPIPE { complain(unsafe "error: standard output: \(String(cString: strerror(errno)))") }
        return 1
      }
    }
    return 0
  }

  /// Replaces the line of progress; an empty text takes it away.
  public func progress(_ text: String) {
    guard showsProgress else { return }
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(text)".utf8))
  }
}

/// Wrong usage, in words.
public struct UsageError: Error {
  /// What is wrong with the command line.
  public let text: String
  /// An error in words.
  public init(_ text: String) { self.text = text }
}
