import Foundation
import SwiftletVerification

let usage = """
  usage: swiftlet-verify SOURCE MODEL.swiftlet [options]

  Compares an int8 model with the float model that it was made from.

    SOURCE                  the Hugging Face directory that MODEL was converted from
    --text FILE             lines to translate, up to a tab (default: SOURCE/dev.tsv)
    --limit N               only the first N lines
    --json FILE             all numbers as JSON; - for standard output, instead of the text
    --max-kl X              fail if the mean KL divergence exceeds X
    --min-same-top PERCENT  fail if fewer tokens have the same likeliest one
    --quiet                 no progress
    --help                  this text

  The float reference translates each line; both models then read that translation, and their
  distributions over the vocabulary are compared token by token.
  Exit status: 0 verified, 1 failed or worse than the limits, 2 wrong usage.
  """

/// Wrong usage, in words.
struct UsageError: Error { let text: String }

/// The command line.
struct Arguments {
  var source = ""
  var model = ""
  var text: String?
  var limit = Int.max
  var json: String?
  var maximumDivergence: Double?
  var minimumSameTop: Double?
  var isQuiet = false

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    func value(_ option: String) throws(UsageError) -> String {
      guard let value = rest.popFirst() else { throw UsageError(text: "\(option) needs a value") }
      return value
    }
    func number(_ option: String) throws(UsageError) -> Double {
      let text = try value(option)
      guard let number = Double(text), number >= 0 else {
        throw UsageError(text: "\(option) is \(text), not a number")
      }
      return number
    }
    while let word = rest.popFirst() {
      switch word {
      case "--text": text = try value(word)
      case "--limit":
        guard let count = Int(try value(word)), count > 0 else {
          throw UsageError(text: "--limit needs a positive number")
        }
        limit = count
      case "--json": json = try value(word)
      case "--max-kl": maximumDivergence = try number(word)
      case "--min-same-top": minimumSameTop = try number(word)
      case "--quiet": isQuiet = true
      case let option where option.hasPrefix("-"): throw UsageError(text: "unknown option \(option)")
      default:
        if source.isEmpty {
          source = word
        } else if model.isEmpty {
          model = word
        } else {
          throw UsageError(text: "unexpected argument \(word)")
        }
      }
    }
    if source.isEmpty { throw UsageError(text: "no SOURCE given") }
    if model.isEmpty { throw UsageError(text: "no MODEL given") }
  }
}

/// A line on standard error.
func complain(_ text: String) { FileHandle.standardError.write(Data("swiftlet-verify: \(text)\n".utf8)) }

/// The text's lines, each up to a tab.
func lines(_ arguments: Arguments) throws -> (lines: [String], path: String) {
  let path = arguments.text ?? "\(arguments.source)/dev.tsv"
  let data: Data
  do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
    throw VerificationError.text(path: path, reason: error.localizedDescription)
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw VerificationError.text(path: path, reason: "not UTF-8")
  }
  let all = text.split(separator: "\n", omittingEmptySubsequences: false).map {
    String($0.prefix { $0 != "\t" })
  }
  return (Array((all.last == "" ? all.dropLast() : all[...]).prefix(arguments.limit)), path)
}

func write(_ report: Report, _ arguments: Arguments) throws {
  guard let path = arguments.json else { return FileHandle.standardOutput.write(Data(report.text.utf8)) }
  let data = try JSONSerialization.data(withJSONObject: report.json, options: [.prettyPrinted, .sortedKeys])
  if path == "-" {
    FileHandle.standardOutput.write(data + Data("\n".utf8))
  } else {
    try (data + Data("\n".utf8)).write(to: URL(fileURLWithPath: path), options: .atomic)
    FileHandle.standardOutput.write(Data(report.text.utf8))
  }
}

/// Whether the report keeps the limits; says which it doesn't.
func passes(_ report: Report, _ arguments: Arguments) -> Bool {
  var passes = true
  if let most = arguments.maximumDivergence, !(report.divergence.mean <= most) {
    complain("the mean KL divergence is \(report.divergence.mean), more than \(most)")
    passes = false
  }
  if let least = arguments.minimumSameTop, !(report.sameTopPercent >= least) {
    complain("the same top token is \(report.sameTopPercent) %, less than \(least) %")
    passes = false
  }
  return passes
}

func run(_ arguments: Arguments) -> Int32 {
  let showsProgress = !arguments.isQuiet && isatty(2) == 1
  do {
    let (lines, path) = try lines(arguments)
    var verifier = try Verifier(source: arguments.source, model: arguments.model)
    let report = try verifier.verify(lines) { done in
      if showsProgress { FileHandle.standardError.write(Data("\r\u{1B}[K\(done)/\(lines.count) lines".utf8)) }
    }
    if showsProgress { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    guard report.sentences > 0 else { throw VerificationError.nothing(path: path) }
    try write(report, arguments)
    return passes(report, arguments) ? 0 : 1
  } catch {
    complain("error: \(error)")
    return 1
  }
}

signal(SIGPIPE, SIG_IGN)
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") {
  print(usage)
  exit(0)
}
do {
  exit(run(try Arguments(words)))
} catch {
  complain("error: \(error.text)")
  complain("try swiftlet-verify --help")
  exit(2)
}
