import SwiftletPlatform

/// The texts of a command: the words of the command line that are neither options nor the model, or without any the lines
/// of standard input.
struct TextSource {
  private var options: Options
  private var arguments: ArgumentReader
  private var lines: LineReader
  private let readsLines: Bool
  private var failure: SystemError?

  /// - Parameters:
  ///   - options: All options of the command line.
  ///   - arguments: The command line behind the command.
  ///   - buffer: Where lines are read.
  @inline(never)
  init(_ options: Options, _ arguments: ArgumentReader, _ buffer: UnsafeMutableRawBufferPointer) {
    self.options = Options(options.command)
    self.arguments = arguments
    lines = unsafe LineReader(buffer)
    readsLines = options.textCount == 0
    if !readsLines { _ = self.options.next(&self.arguments) }  // the model
  }

  /// The next text; nil if standard input can't be read: see `complain`.
  @inline(never)
  mutating func next() -> LineReader.Item? {
    guard readsLines else {
      guard case .operand(let word) = options.next(&arguments) else { return .end }
      return unsafe .line(word.bytes)
    }
    do { return try lines.next() } catch {
      failure = error
      return nil
    }
  }

  /// How many bytes of standard input were handed out.
  var consumed: Int { lines.consumed }

  /// Says why standard input can't be read.
  @inline(never)
  func complain() {
    guard let failure else { return }
    Console.complain {
      $0.write("standard input: ")
      failure.describe(to: &$0)
    }
  }
}
