import Foundation
import SourcesTestSupport
import SwiftletConversion

/// Runs programs over many lines, and compares the end with the beginning: `long-run-probe LINES PROGRAM…`.
///
/// LINES lines go through `translate`, on a tiny model with random weights, alone and in batches of eight; a tenth as
/// many with four threads and through each other command; some through the model of this repository. At last four
/// workspaces run over one model, each on a thread of its own.
@main struct Probe {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 2, let lines = Int(arguments[1]), lines > 0, lines % 1000 == 0 else {
      FileHandle.standardError.write(
        Data("usage: long-run-probe LINES PROGRAM…, LINES a multiple of 1000\n".utf8))
      exit(2)
    }
    let models = try TemporaryDirectory()
    for name in ["bart", "llama", "bert", "bert-classes", "bert-masked"] {
      let directory = try TemporaryDirectory()
      try FamilyGolden(name).writeWithText(to: directory)
      _ = try Converter.convert(directory.path, to: "\(models.path)/\(name).swiftlet")
    }
    // Whole batches of eight: the program waits for a batch to be full.
    let few = max(lines / 10, min(lines, 2000)) / 8 * 8
    let texts = try Texts()
    var isSame = true
    for program in arguments.dropFirst(2) {
      say(program)
      for (command, count) in commands(lines, few) {
        var words = command.split(separator: " ").map(String.init)
        words[1] = "\(models.path)/\(words[1]).swiftlet"
        isSame =
          try LineRun(name: command, program: program, arguments: words, count: count, line: texts.tiny).run()
          && isSame
      }
      for options in ["", " --batch 8"] {
        let command = "translate bin/en-fr.swiftlet --json\(options)"
        let words = command.split(separator: " ").map(String.init)
        let run = LineRun(
          name: command, program: program, arguments: words, count: max(64, lines / 500 / 16 * 16),
          line: texts.english)
        isSame = try run.run() && isSame
      }
    }
    isSame = try SharedRun.run(model: "\(models.path)/bart.swiftlet", lines: few) && isSame
    exit(isSame ? 0 : 1)
  }

  /// Commands, with the model's name for its file, and how many lines each gets.
  private static func commands(_ lines: Int, _ few: Int) -> [(String, Int)] {
    [
      ("translate bart --json --max-tokens 6", lines),
      ("translate bart --json --max-tokens 6 --batch 8", lines),
      ("translate bart --json --max-tokens 6 --threads 4", few),
      ("translate bart --json --max-tokens 6 --threads 4 --batch 8", few),
      ("translate bart --json --max-tokens 6 --beam 4", few),
      ("generate llama --json --max-tokens 6", few),
      ("embed bert --json --pooling mean", few),
      ("classify bert-classes --json", few),
      ("fill bert-masked --json", few),
      ("score bart --json", few),
      ("tokenize bert --json", few),
    ]
  }
}

/// Writes a line at once: it may take hours until the next.
func say(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
