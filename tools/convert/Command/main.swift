import Foundation
import SwiftletConversion

let usage = """
  usage: swiftlet-convert SOURCE -o MODEL.swiftlet [options]

  Converts a float model into one int8 file.

    SOURCE            a Hugging Face directory with model_type marian: config.json,
                      model.safetensors (or shards), source.spm, target.spm, vocab.json
    -o FILE           where to put the model
    --group SIZE      inputs that share a scale: row, 64 or 32 (default: 64)
    --offset WHICH    activations quantised with an offset: all, inner (those after an
                      activation function) or none (default: all)
    --name TEXT       the model's name, for `swiftlet info`
    --license TEXT    its licence, for `swiftlet info`
    --quiet           no progress and no table
    --help            this text

  The file appears under its name only when it is whole. Exit status: 0 done, 1 failed, 2 wrong usage.
  """

/// The command line, or an error in words.
struct Arguments {
  var source = ""
  var target = ""
  var options = QuantizationOptions()
  var details: [String: String] = [:]
  var isQuiet = false

  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    func value(of option: String) throws(UsageError) -> String {
      guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
      return value
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "-o", "--output": target = try value(of: argument)
      case "--group":
        let text = try value(of: argument)
        guard let group = ["row": 0, "64": 64, "32": 32][text] else {
          throw UsageError("--group is \(text), must be row, 64 or 32")
        }
        options.group = group
      case "--offset":
        let text = try value(of: argument)
        guard let offset = QuantizationOptions.Offset(rawValue: text) else {
          throw UsageError("--offset is \(text), must be all, inner or none")
        }
        options.offset = offset
      case "--name", "--license":
        let text = try value(of: argument)
        guard !text.contains(where: \.isNewline) else { throw UsageError("\(argument) has a line break") }
        details[String(argument.dropFirst(2))] = text
      case "--quiet": isQuiet = true
      case let option where option.hasPrefix("-"): throw UsageError("unknown option \(option)")
      default:
        guard source.isEmpty else { throw UsageError("unexpected argument \(argument)") }
        source = argument
      }
    }
    if source.isEmpty { throw UsageError("no SOURCE given") }
    if target.isEmpty { throw UsageError("no -o FILE given") }
  }
}

/// Wrong usage, in words.
struct UsageError: Error {
  let text: String
  init(_ text: String) { self.text = text }
}

/// A line on standard error, if that can be written to.
func complain(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data("swiftlet-convert: \(text)\n".utf8))
}

/// Writes to standard output. The status is 0, or 1 after a complaint; a reader that has gone away is told nothing.
func show(_ text: String) -> Int32 {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno != EINTR {
      if errno != EPIPE { complain("error: standard output: \(String(cString: strerror(errno)))") }
      return 1
    }
  }
  return 0
}

/// Converts, with progress on a terminal, and prints the table.
func run(_ arguments: Arguments) -> Int32 {
  let showsProgress = !arguments.isQuiet && isatty(2) == 1
  func progress(_ number: Int, _ count: Int, _ name: String) {
    guard showsProgress else { return }
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K\(number)/\(count) \(name)".utf8))
  }
  defer { if showsProgress { try? FileHandle.standardError.write(contentsOf: Data("\r\u{1B}[K".utf8)) } }
  do {
    let report = try Converter.convert(
      arguments.source, to: arguments.target, arguments.options, details: arguments.details
    ) {
      try Interruption.check()
      progress($0, $1, $2)
    }
    if showsProgress { progress(0, 0, "") }
    for note in report.notes { complain("note: \(note)") }
    return arguments.isQuiet ? 0 : show(ReportTable(report, path: arguments.target).text)
  } catch {
    complain("error: \(error)")
    if let interruption = error as? Interruption { interruption.end() }
    return 1
  }
}

signal(SIGPIPE, SIG_IGN)
signal(SIGXFSZ, SIG_IGN)  // A file that grows too large is an error of `write`.
Interruption.watch()
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") {
  exit(show(usage + "\n"))
}
do {
  exit(run(try Arguments(words)))
} catch {
  complain("error: \(error.text)")
  complain("try swiftlet-convert --help")
  exit(2)
}
