import SwiftletPlatform

/// How far a run over the lines of a file has come: a line on the terminal that is written over, while results go
/// elsewhere.
struct Progress {
  private let isShown: Bool
  private let size: Int?
  private let start: UInt64
  private var next: UInt64
  private var tokens = 0
  private var lines = 0
  private var isOnScreen = false

  /// Nothing is shown unless standard error is a terminal and standard output is not.
  ///
  /// - Parameter readsLines: Whether texts are lines of standard input.
  init(readsLines: Bool, isQuiet: Bool) {
    isShown = readsLines && !isQuiet && isTerminal(2) && !isTerminal(1)
    size = isShown ? standardInputSize : nil
    start = isShown ? monotonicNanoseconds() : 0
    next = start + Self.second
  }

  private static var second: UInt64 { 1_000_000_000 }

  /// Counts the tokens of a result.
  mutating func add(tokens count: Int) { tokens += count }

  /// Says how far the run is, several times a second.
  ///
  /// - Parameters:
  ///   - lines: How many lines were answered.
  ///   - bytes: How much of standard input they are.
  @inline(never)
  mutating func show(lines: Int, bytes: Int) {
    guard isShown else { return }
    self.lines = lines
    let now = monotonicNanoseconds()
    guard now >= next else { return }
    next = now + Self.second / 4
    write { sink, seconds in
      guard let size, bytes > 0, size > bytes else { return }
      let left = Self.whole(seconds * Double(size - bytes) / Double(bytes))
      sink.write(", ")
      sink.write(left / 60)
      sink.write(left % 60 < 10 ? ":0" : ":")
      sink.write(left % 60)
      sink.write(" left")
    }
    isOnScreen = true
  }

  /// Makes place for another message.
  @inline(never)
  mutating func clear() {
    guard isOnScreen else { return }
    var sink = Console.errors()
    sink.write(Self.clearLine)
    isOnScreen = false
  }

  /// Leaves a last line, if there was one before.
  mutating func end() {
    guard isOnScreen else { return }
    write { sink, seconds in
      sink.write(" in ")
      sink.write(seconds, decimals: 1)
      sink.write(" s\n")
    }
    isOnScreen = false
  }

  /// A number as far as it fits the smallest processor's words.
  private static func whole(_ number: Double) -> Int { Int(min(number, 2e9)) }

  /// One millisecond or more, even where the clock is a broken one that runs backwards.
  private var secondsSinceStart: Double {
    let now = monotonicNanoseconds()
    let milliseconds = now > start ? Int(truncatingIfNeeded: (now - start) / 1_000_000) : 0
    return Double(max(1, milliseconds)) / 1000
  }

  private static var clearLine: StaticText { "\r\u{1B}[K" }

  private func write(_ end: (inout DescriptorSink, _ seconds: Double) -> Void) {
    var buffer = InlineArray<128, UInt8>(repeating: 0)
    var span = buffer.mutableSpan
    unsafe span.withUnsafeMutableBytes { buffer in
      var sink = unsafe DescriptorSink(descriptor: 2, buffer: buffer)
      let seconds = secondsSinceStart
      sink.write(Self.clearLine)
      sink.write(lines)
      sink.write(" lines")
      if tokens > 0 {
        sink.write(", ")
        sink.write(Self.whole(Double(tokens) / seconds))
        sink.write(" tokens/s")
      }
      end(&sink, seconds)
      sink.flush()
    }
  }
}
