import Swiftlet
import SwiftletPlatform

/// What the program says on standard output and standard error.
enum Console {
  /// Standard error, unbuffered.
  static func errors() -> DescriptorSink {
    unsafe DescriptorSink(descriptor: 2, buffer: UnsafeMutableRawBufferPointer(start: nil, count: 0))
  }

  /// Gives `body` standard output with a small buffer, and reports what could not be written.
  static func print(_ body: (inout DescriptorSink) -> Void) -> ExitStatus {
    var buffer = InlineArray<1024, UInt8>(repeating: 0)
    var span = buffer.mutableSpan
    return unsafe span.withUnsafeMutableBytes { buffer in
      var sink = unsafe DescriptorSink(descriptor: 1, buffer: buffer)
      body(&sink)
      sink.flush()
      return finish(sink.failure)
    }
  }

  /// The status after writing: a reader that has gone away is a quiet end, anything else is said.
  @inline(never)
  static func finish(_ failure: SystemError?) -> ExitStatus {
    guard let failure else { return .success }
    if !failure.isBrokenPipe {
      complain {
        $0.write("standard output: ")
        failure.describe(to: &$0)
      }
    }
    return .failure
  }

  /// One line on standard error: `swiftlet: error: …`.
  static func complain(_ body: (inout DescriptorSink) -> Void) {
    var buffer = InlineArray<512, UInt8>(repeating: 0)
    var span = buffer.mutableSpan
    unsafe span.withUnsafeMutableBytes { buffer in
      var sink = unsafe DescriptorSink(descriptor: 2, buffer: buffer)
      sink.write("swiftlet: error: ")
      body(&sink)
      sink.write("\n")
      sink.flush()
    }
  }

  /// An error about a model's file.
  @inline(never)
  static func complain(about path: Word, _ error: SwiftletError) -> ExitStatus {
    complain {
      unsafe $0.write(path.bytes)
      $0.write(": ")
      error.describe(to: &$0)
    }
    return .failure
  }

  /// Wrong usage: what, the word, and where help is.
  @inline(never)
  static func wrongUsage(_ text: StaticText, _ word: Word? = nil) -> ExitStatus {
    complain {
      $0.write(text)
      if let word { unsafe $0.write(word.bytes) }
      $0.write(" (try swiftlet --help)")
    }
    return .usage
  }

  /// A number that an option does not take: from where to where it must be.
  static func wrongUsage(_ option: Word, _ range: ClosedRange<Int>, _ word: Word) -> ExitStatus {
    wrongNumber(option, word) {
      $0.write(range.lowerBound)
      if range.upperBound < Int.max {
        $0.write(" to ")
        $0.write(range.upperBound)
      } else {
        $0.write(" or more")
      }
    }
  }

  /// A number that an option does not take: from where to where it must be.
  static func wrongUsage(_ option: Word, _ range: ClosedRange<Double>, _ word: Word) -> ExitStatus {
    wrongNumber(option, word) {
      $0.write(range.lowerBound, decimals: 2)
      $0.write(" to ")
      $0.write(range.upperBound, decimals: 2)
    }
  }

  private static func wrongNumber(
    _ option: Word, _ word: Word, _ range: (inout DescriptorSink) -> Void
  ) -> ExitStatus {
    complain {
      unsafe $0.write(option.bytes)
      $0.write(" must be ")
      range(&$0)
      $0.write(", not ")
      unsafe $0.write(word.bytes)
      $0.write(" (try swiftlet --help)")
    }
    return .usage
  }
}
