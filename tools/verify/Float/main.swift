import Foundation
import SwiftletConsole
import SwiftletFamilies
import SwiftletFloatReference

let usage = """
  usage: swiftlet-float translate|generate|head SOURCE [--tokens COUNT] < IDS

  Runs the float reference on token ids: one text on a line, numbers with spaces. SOURCE is what swiftlet-convert
  reads; no tokenizer is needed.

    translate         the greedy target of each source: a line of ids
    generate          the greedy continuation of each text, in a model with a decoder alone
    head              what an encoder's head makes of each text: a line for each vector
    --tokens COUNT    the most tokens of a target or continuation (default: 256)
    --help            this text

  Exit status: 0 done, 1 failed, 2 wrong usage.
  """

/// The command line, or an error in words.
struct Arguments {
  enum Task: String { case translate, generate, head }

  let task: Task
  let source: String
  var tokens = 256

  init(_ words: [String]) throws(UsageError) {
    guard words.count >= 2, let task = Task(rawValue: words[0]) else {
      throw UsageError("a task (translate, generate or head) and SOURCE are needed")
    }
    self.task = task
    source = words[1]
    if words.count == 2 { return }
    guard words.count == 4, words[2] == "--tokens", let count = Int(words[3]), count > 0 else {
      throw UsageError("only --tokens COUNT may follow, not \(words.dropFirst(2).joined(separator: " "))")
    }
    tokens = count
  }
}

/// A line of standard input that is not ids.
struct LineError: Error, CustomStringConvertible {
  let line: String
  var description: String { "not token ids: \(line.prefix(100))" }
}

func run(_ arguments: Arguments, _ console: Console) throws -> Int32 {
  let model = try FloatModel(source: arguments.source)
  while let line = readLine() {
    let ids = line.split(separator: " ").map { Int($0) }
    guard !ids.contains(nil) else { throw LineError(line: line) }
    let lines = try results(model, ids.compactMap { $0 }, arguments)
    let status = console.show(lines.joined(separator: "\n") + "\n")
    if status != 0 { return status }
  }
  return 0
}

/// The lines of one text.
func results(_ model: FloatModel, _ ids: [Int], _ arguments: Arguments) throws -> [String] {
  func text(_ numbers: [some LosslessStringConvertible]) -> String {
    numbers.map { "\($0)" }.joined(separator: " ")
  }
  var session = FloatSession(model)
  switch arguments.task {
  case .translate: return [text(try session.greedy(source: ids, maxTokens: arguments.tokens).ids)]
  case .generate: return [text(try session.greedy(prompt: ids, maxTokens: arguments.tokens).ids)]
  case .head: return try model.head(try session.encoderStates(ids).output).map { text($0) }
  }
}

let console = Console("swiftlet-float", showsProgress: false)
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") { exit(console.show(usage + "\n")) }
do {
  exit(try run(try Arguments(words), console))
} catch let error as UsageError {
  exit(console.wrongUsage(error))
} catch {
  console.complain("error: \(error)")
  exit(1)
}
