import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform

/// What a command does with one text after another. It lies in the arena that a plan states.
protocol TextTask: ~Copyable {
  /// Opens the model.
  static func open(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) -> Self
  /// Where lines are read.
  var inputBytes: UnsafeMutableRawBufferPointer { get }
  /// Where results are gathered.
  var outputBytes: UnsafeMutableRawBufferPointer { get }
  /// The longest line.
  var longestLine: Int { get }
  /// Settles what the model decides about options. Returns a status if the program should end.
  mutating func settle(_ options: inout Options) -> ExitStatus?
  /// Takes one text. Returns false if a result could not be written.
  mutating func take(_ text: UnsafeRawBufferPointer, _ results: inout Results) -> Bool
  /// Reports a line that could not be read as a whole.
  mutating func fail(_ error: SwiftletError, _ results: inout Results)
  /// Writes what is left, and says how it all ended.
  mutating func finish(_ results: inout Results) -> ExitStatus
}

extension TextTask where Self: ~Copyable {
  mutating func settle(_ options: inout Options) -> ExitStatus? { nil }
}

/// A command whose result for a text is there as soon as the text is.
protocol SingleTextTask: TextTask, ~Copyable {
  /// Opens the model.
  init(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError)
  /// Writes what comes of one text.
  mutating func write(_ text: Span<UInt8>, _ results: inout Results) throws(SwiftletError)
  /// Keeps the place of a text that failed, where that is not an empty line.
  func keepPlace(_ results: inout Results)
}

extension SingleTextTask where Self: ~Copyable {
  static func open(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) -> Self {
    try Self(file, options)
  }

  mutating func take(_ text: UnsafeRawBufferPointer, _ results: inout Results) -> Bool {
    do throws(SwiftletError) {
      try unsafe write(Span(_unsafeBytes: text), &results)
      results.number += 1
      results.output.flush()
    } catch {
      fail(error, &results)
    }
    return results.output.failure == nil
  }

  mutating func fail(_ error: SwiftletError, _ results: inout Results) {
    results.report(error)
    keepPlace(&results)
  }

  func keepPlace(_ results: inout Results) {}

  mutating func finish(_ results: inout Results) -> ExitStatus { results.end() }
}

/// Runs a command over the texts of the command line, or over the lines of standard input.
enum TaskCommand {
  // Not inlined, so that no command's frame has room for all others'.
  @inline(never)
  static func run<Task: TextTask & ~Copyable>(
    _: Task.Type, _ command: Command, _ arguments: inout ArgumentReader
  ) -> ExitStatus {
    let texts = arguments
    var options = Options(command)
    let path: Word
    switch options.parse(&arguments) {
    case .run(let model): path = model
    case .end(let status): return status
    }
    let progress = begin(options, path)
    do throws(SwiftletError) {
      var task = try Task.open(try open(path, options), options)
      if let status = task.settle(&options) { return status }
      // Each text's attention opens its file.
      if options.isSandboxed, options.task.attention == nil { Sandbox.restrict(to: .running) }
      var source = unsafe TextSource(options, texts, task.inputBytes)
      return end(run(&task, &source, options, progress), with: task)
    } catch {
      return Console.complain(about: path, error)
    }
  }

  // What follows is the same for all tasks, so it is there once.

  /// What comes before the model is opened: after that the system is asked for nothing but reading and writing.
  @inline(never)
  private static func begin(_ options: Options, _ path: Word) -> Progress {
    LostPages.areErrors(of: path)
    let progress = Progress(readsLines: options.textCount == 0, isQuiet: options.isQuiet)
    if options.isSandboxed { Sandbox.restrict(to: .opening) }
    return progress
  }

  @inline(never)
  private static func open(_ path: Word, _ options: Options) throws(SwiftletError) -> ModelFile {
    let file = try unsafe openModelFile(path.pointer, options.weights)
    try options.command.check(file.architecture.task)
    return file
  }

  /// Ends the process while the task lives: the system takes all memory back at once, without being asked
  /// for each mapping. Not inlined, so that the task is in use until then.
  @inline(never)
  private static func end<Task: TextTask & ~Copyable>(
    _ status: ExitStatus, with task: borrowing Task
  ) -> ExitStatus {
    exitProcess(status.rawValue)
  }

  @inline(never)
  private static func run<Task: TextTask & ~Copyable>(
    _ task: inout Task, _ source: inout TextSource, _ options: Options, _ progress: Progress
  ) -> ExitStatus {
    var results = unsafe Results(
      options, kind: options.textCount > 0 ? "argument " : "line ", progress: progress,
      buffer: task.outputBytes)
    while let item = source.next() {
      switch item {
      case .line(let bytes):
        guard unsafe task.take(bytes, &results) else { return task.finish(&results) }
        results.progress.show(lines: results.number, bytes: source.consumed)
      case .tooLong(let count):
        task.fail(
          .tooLong(count: count, most: task.longestLine, unit: .bytes, lower: "--max-source"), &results)
      case .end: return task.finish(&results)
      }
    }
    _ = task.finish(&results)
    source.complain()
    return .failure
  }
}
