import SwiftletConsole

/// What `--help` prints.
let usage = """
  usage: swiftlet-bench [MODEL] [options]

  Measures this machine's roof and the runtime below it, in one run, on one core.

    MODEL            the model (default: bin/en-fr.swiftlet)
    --text FILE      sentences to translate, one a line; what follows a tab is left out
                     (default: weights/en-fr/dev.tsv)
    --only PART      measure only this: translations, roof, products or steps; may be repeated
    --kernel SET     only this instruction set (swiftlet --help names them), or fastest for
                     the fastest that the processor has; may be repeated
    --repeat N       measure N times and take the median (default: 5)
    --json FILE      write the results as JSON too
    --help           this text

  Exit status: 0 done, 1 failed, 2 wrong usage.
  """

/// The parts of a run.
enum Part: String, CaseIterable {
  case translations, roof, products, steps
}

/// The command line, or an error in words.
struct Arguments {
  var model = "bin/en-fr.swiftlet"
  var text = "weights/en-fr/dev.tsv"
  var parts = Set(Part.allCases)
  var kernels: Set<String> = []
  var repeats = 5
  var json: String?

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    var chosen: Set<Part> = []
    var models: [String] = []
    func value(of option: String) throws(UsageError) -> String {
      guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
      return value
    }
    while let word = rest.popFirst() {
      switch word {
      case "--text": text = try value(of: word)
      case "--json": json = try value(of: word)
      case "--kernel": kernels.insert(try value(of: word))
      case "--only":
        let name = try value(of: word)
        guard let part = Part(rawValue: name) else {
          throw UsageError("--only is \(name), must be translations, roof, products or steps")
        }
        chosen.insert(part)
      case "--repeat":
        let number = try value(of: word)
        guard let count = Int(number), (1...1000).contains(count) else {
          throw UsageError("--repeat is \(number), must be 1 to 1000")
        }
        repeats = count
      case let option where option.hasPrefix("-"): throw UsageError("unknown option \(option)")
      default: models.append(word)
      }
    }
    guard models.count < 2 else { throw UsageError("unexpected argument \(models[1])") }
    model = models.first ?? model
    if !chosen.isEmpty { parts = chosen }
  }
}
