import SwiftletConsole
import SwiftletConversion
import SwiftletDecoding
import SwiftletShapes

/// What `--help` prints.
let usage = """
  usage: swiftlet-bench [MODEL …] [options]

  Measures this machine's roof and the runtime below it in one run: on one core, but for the part scaling.

    MODEL            a model's file, or a named shape (default: bin/en-fr.swiftlet); also
                     --model MODEL. Named shapes have pseudorandom weights, in bin/bench:
  \(NamedShape.all.map { "                       \($0.name): \($0.summary), \($0.architecture.dimensions)" }.joined(separator: "\n"))
    --group SIZE     of named shapes, the inputs that share a scale: row, 64 or 32 (default: 64,
                     or 32 where that takes fewer bytes)
    --offset WHICH   of named shapes, the activations quantised with an offset: all, inner
                     or none (default: all)
    --seed N         of named shapes, what the weights are made from (default: 1)
    --text FILE      sentences to translate, one a line; what follows a tab is left out
                     (default: weights/en-fr/dev.tsv)
    --source N,…     lengths of sources, in tokens (default: 8,16,32,64,128,256)
    --target N,…     lengths of targets, in tokens (default: 8,16,32,64,128,256)
    --draft N,…      guessed tokens a step for the part translations (default: 0,1)
    --threads N,…    counts of threads for the part scaling (default: 1,2)
    --batch N,…      sentences together for the part scaling (default: 1,8)
    --make           make the files of named shapes, print their paths, and measure nothing
    --only PART      measure only this: translations, roof, products, steps or scaling; may be
                     repeated
    --kernel SET     only this instruction set (swiftlet --help names them), or fastest for
                     the fastest that the processor has; may be repeated
    --repeat N       measure N times and take the median (default: 5)
    --json FILE      write the results as JSON too
    --csv FILE       write the results as comma-separated values too
    --help           this text

  Exit status: 0 done, 1 failed, 2 wrong usage.
  """

/// The parts of a run.
enum Part: String, CaseIterable {
  case translations, roof, products, steps, scaling
}

/// The command line, or an error in words.
struct Arguments {
  var models: [ModelChoice] = []
  var text = "weights/en-fr/dev.tsv"
  var sourceLengths = [8, 16, 32, 64, 128, 256]
  var targetLengths = [8, 16, 32, 64, 128, 256]
  var drafts = [0, 1]
  var threads = [1, 2]
  var batches = [1, 8]
  var parts = Set(Part.allCases)
  var kernels: Set<String> = []
  var repeats = 5
  var json: String?
  var csv: String?
  /// Whether nothing is measured.
  var onlyMakes = false

  init(_ words: [String]) throws(UsageError) {
    var rest = words[...]
    var chosen: Set<Part> = []
    var names: [String] = []
    var options = QuantizationOptions()
    var seed = 1
    func value(of option: String) throws(UsageError) -> String {
      guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value") }
      return value
    }
    func number(_ option: String, in range: ClosedRange<Int>) throws(UsageError) -> Int {
      try Self.number(try value(of: option), option, in: range)
    }
    func numbers(_ option: String, in range: ClosedRange<Int> = 1...8192) throws(UsageError) -> [Int] {
      try value(of: option).split(separator: ",", omittingEmptySubsequences: false).map {
        part throws(UsageError) in try Self.number(String(part), option, in: range)
      }
    }
    while let word = rest.popFirst() {
      switch word {
      case "--model": names.append(try value(of: word))
      case "--group": options.group = try Self.group(try value(of: word))
      case "--offset": options.offset = try Self.offset(try value(of: word))
      case "--make": onlyMakes = true
      case "--seed": seed = try number(word, in: 0...Int.max)
      case "--text": text = try value(of: word)
      case "--source": sourceLengths = try numbers(word)
      case "--target": targetLengths = try numbers(word)
      case "--draft": drafts = try numbers(word, in: 0...SearchSettings.mostDrafts)
      case "--threads": threads = try numbers(word, in: 1...64)
      case "--batch": batches = try numbers(word, in: 1...1024)
      case "--json": json = try value(of: word)
      case "--csv": csv = try value(of: word)
      case "--kernel": kernels.insert(try value(of: word))
      case "--only": chosen.insert(try Self.part(try value(of: word)))
      case "--repeat": repeats = try number(word, in: 1...1000)
      case let option where option.hasPrefix("-"): throw UsageError("unknown option \(option)")
      default: names.append(word)
      }
    }
    if names.isEmpty { names = ["bin/en-fr.swiftlet"] }
    models = names.map { name in
      let shape = NamedShape.all.first { $0.name == name }
      return shape.map { .shape(SyntheticModel($0, options, seed: UInt64(seed))) } ?? .file(name)
    }
    if !chosen.isEmpty { parts = chosen }
  }

  private static func number(
    _ text: String, _ option: String, in range: ClosedRange<Int>
  ) throws(UsageError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw UsageError("\(option) is \(text), must be \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func part(_ name: String) throws(UsageError) -> Part {
    guard let part = Part(rawValue: name) else {
      throw UsageError("--only is \(name), must be translations, roof, products, steps or scaling")
    }
    return part
  }

  private static func group(_ name: String) throws(UsageError) -> Int {
    guard let group = ["row": 0, "64": 64, "32": 32][name] else {
      throw UsageError("--group is \(name), must be row, 64 or 32")
    }
    return group
  }

  private static func offset(_ name: String) throws(UsageError) -> QuantizationOptions.Offset {
    guard let offset = QuantizationOptions.Offset(rawValue: name) else {
      throw UsageError("--offset is \(name), must be all, inner or none")
    }
    return offset
  }
}
