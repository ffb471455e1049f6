import Foundation
import Swiftlet
import SwiftletConsole
import SwiftletTranslationTable

let usage = """
  usage: swiftlet-shortlist MODEL PAIRS -o FILE [options]

  Makes a lexical shortlist: for each source token the target tokens that it is likely translated by (IBM model 1,
  Brown and others, 1993). With `swiftlet translate --shortlist FILE` only these are scored, and those that go with
  every source.

    PAIRS            lines of a source, a TAB and a target; what follows another TAB is left out. A line without TAB
                     is a source, which the model translates.
    --most N         the most target tokens of a source token (default: 50)
    --common N       how many of the most frequent target tokens go with every source (default: 100)
    --rounds N       how often probabilities are estimated anew (default: 4)
    --quiet          no progress
    --help           this text

  Exit status: 0 done, 1 failed, 2 wrong usage.
  """

/// The command line, or an error in words.
struct Arguments {
  var operands: [String] = []
  var output = ""
  var (most, common, rounds) = (50, 100, 4)

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    func number(_ option: String, _ value: String?) throws(UsageError) -> Int {
      guard let value, let number = Int(value), number >= 0 else {
        throw UsageError("a number must follow \(option)")
      }
      return number
    }
    while let word = rest.popFirst() {
      switch word {
      case "-o":
        guard let path = rest.popFirst() else { throw UsageError("a file must follow -o") }
        output = path
      case "--most": most = try number(word, rest.popFirst())
      case "--common": common = try number(word, rest.popFirst())
      case "--rounds": rounds = try number(word, rest.popFirst())
      case "--quiet": break
      case let option where option.hasPrefix("-"): throw UsageError("unknown option \(option)")
      default: operands.append(word)
      }
    }
    guard operands.count == 2, !output.isEmpty else {
      throw UsageError("MODEL, PAIRS and -o FILE are needed")
    }
  }
}

/// A file that can't be read, or written, and why.
struct FileProblem: LocalizedError {
  let path: String
  let text: String
  var errorDescription: String? { "\(path): \(text)" }
}

func text(of path: String) throws(FileProblem) -> String {
  let data: Data
  do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
    throw FileProblem(path: path, text: error.localizedDescription)
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw FileProblem(path: path, text: "not UTF-8")
  }
  return text
}

func run(_ arguments: Arguments, _ console: Console) throws {
  var pairs = try TokenPairs(model: arguments.operands[0])
  let text = try text(of: arguments.operands[1])
  for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
    if number % 1000 == 0 { console.progress("\(number) lines") }
    try pairs.add(line)
  }
  let lexicon = TranslationTable(pairs, rounds: arguments.rounds) { console.progress("round \($0 + 1)") }
  console.progress("")
  let bytes = lexicon.file(most: arguments.most, common: arguments.common)
  do { try Data(bytes).write(to: URL(fileURLWithPath: arguments.output), options: .atomic) } catch {
    throw FileProblem(path: arguments.output, text: error.localizedDescription)
  }
  exit(
    console.show(
      "\(arguments.output): \(bytes.count) bytes from \(pairs.count) pairs, \(pairs.skipped) left out\n"))
}

let words = Array(CommandLine.arguments.dropFirst())
let console = Console("swiftlet-shortlist", showsProgress: !words.contains("--quiet"))
if words.contains("--help") || words.contains("-h") { exit(console.show(usage + "\n")) }
let arguments: Arguments
do { arguments = try Arguments(words) } catch { exit(console.wrongUsage(error)) }
do { try run(arguments, console) } catch let error as SwiftletError {
  console.complain("error: \(arguments.operands[0]): \(error.description)")
  exit(1)
} catch {
  console.complain("error: \(error.localizedDescription)")
  exit(1)
}
