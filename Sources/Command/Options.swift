import Swiftlet
import SwiftletKernelSelection
import SwiftletKernels
import SwiftletPlatform

/// The options that commands share.
struct Options {
  /// Whose options they are.
  let command: Command
  /// The options of this command alone.
  var task = TaskOptions()
  var maximumSource: Int?
  var maximumTarget: Int?
  var maximumTokens = Int.max
  var memory = Int.max
  var weights = FilePlacement.mapped
  var batch = 1
  var threads = 1
  /// The instruction set that was asked for.
  var instructionSet: InstructionSet?
  var isJSON = false
  var isDigest = false
  /// Whether nothing is said about how far a run is.
  var isQuiet = false
  /// Whether the program gives up what it does not need of the system, where the kernel offers that.
  var isSandboxed = true
  /// Whether text is written as soon as it is certain.
  var streams = false
  /// How tokens are chosen.
  var decoding = DecodingOptions()
  /// How many operands follow the model.
  var textCount = 0
  /// Whether `--` was read: what follows are operands, whatever they begin with.
  private var readsOperandsOnly = false

  @inline(never)
  init(_ command: Command) { self.command = command }

  /// What a command line comes to.
  enum Parsed {
    /// Options were read, and the model.
    case run(model: Word)
    /// The program ends: wrong usage, or help.
    case end(ExitStatus)
  }

  /// Reads a command's whole line: options, a model, and texts if the command takes them.
  @inline(never)
  mutating func parse(_ arguments: inout ArgumentReader) -> Parsed {
    var model: Word?
    while true {
      switch next(&arguments) {
      case .operand(let word):
        if model == nil {
          model = word
        } else if command.takesTexts {
          textCount += 1
        } else {
          return .end(Console.wrongUsage("unexpected argument ", word))
        }
      case .stop(let status): return .end(status)
      case .end:
        guard let model else { return .end(Console.wrongUsage("no MODEL given")) }
        if let status = check() ?? readEnvironment() { return .end(status) }
        return .run(model: model)
      }
    }
  }

  /// What comes next on the command line, options read.
  enum Item {
    case operand(Word)
    case stop(ExitStatus)
    case end
  }

  /// Reads options up to the next operand.
  mutating func next(_ arguments: inout ArgumentReader) -> Item {
    while let word = arguments.next() {
      if readsOperandsOnly || !word.isOption { return .operand(word) }
      if case "--" = word {
        readsOperandsOnly = true
      } else if let status = read(word, &arguments) {
        return .stop(status)
      }
    }
    return .end
  }

  /// Reads one word that is an option. Returns a status if the program should end.
  private mutating func read(_ option: Word, _ arguments: inout ArgumentReader) -> ExitStatus? {
    guard command.accepts(option) else {
      return Console.wrongUsage("not an option of this command: ", option)
    }
    switch option {
    case "--max-source": return Self.readNumber(option, &arguments, &maximumSource)
    case "--max-target": return Self.readNumber(option, &arguments, &maximumTarget)
    case "--max-tokens": return Self.readNumber(option, &arguments, &maximumTokens)
    case "--batch": return Self.readNumber(option, &arguments, &batch)
    case "--threads": return Self.readNumber(option, &arguments, &threads)
    case "--memory": return Self.readNumber(option, &arguments, &memory)
    case "--kernel": return readKernel(&arguments)
    case "--weights": return readWeights(&arguments)
    case "--json": isJSON = true
    case "--digest": isDigest = true
    case "--quiet": isQuiet = true
    case "--no-sandbox": isSandboxed = false
    case "--stream": streams = true
    case "--align": decoding.aligns = true
    case "--align-soft": (decoding.aligns, decoding.alignsSoftly) = (true, true)
    case "--help", "-h": return Console.print { Usage.write(to: &$0) }
    default:
      var outcome = task.read(option, &arguments)
      if case .unknown = outcome { outcome = decoding.read(option, &arguments) }
      switch outcome {
      case .unknown: return Console.wrongUsage("unknown option ", option)
      case .stop(let status): return status
      case .read: return nil
      }
    }
    return nil
  }

  /// What can't be asked for together.
  private func check() -> ExitStatus? {
    if streams, batch > 1 { return Console.wrongUsage("--stream can't be used with --batch") }
    if streams, decoding.aligns { return Console.wrongUsage("--stream can't be used with --align") }
    if streams, isJSON || isDigest {
      return Console.wrongUsage("--stream can't be used with --json or --digest")
    }
    return decoding.check(streams: streams) ?? task.check(self)
  }

  /// What a translator is planned for besides its limits.
  var constraints: ConstraintSizes {
    var sizes = decoding.constraints
    sizes.hasAttention = task.attention != nil
    sizes.replacesUnknown = task.replacesUnknown
    return sizes
  }

  /// The kernels to run on.
  var kernels: KernelSet { instructionSet?.kernels ?? InstructionSet.fastestKernels }

  @inline(never)
  private static func readNumber(
    _ option: Word, _ arguments: inout ArgumentReader, _ number: inout Int
  ) -> ExitStatus? {
    guard let word = arguments.next() else { return Console.wrongUsage("a number must follow ", option) }
    guard let value = word.number, value > 0 else {
      return Console.wrongUsage("not a positive number: ", word)
    }
    number = value
    return nil
  }

  private static func readNumber(
    _ option: Word, _ arguments: inout ArgumentReader, _ number: inout Int?
  ) -> ExitStatus? {
    var value = 0
    let status = readNumber(option, &arguments, &value)
    number = value
    return status
  }

  private mutating func readWeights(_ arguments: inout ArgumentReader) -> ExitStatus? {
    guard let word = arguments.next() else {
      return Console.wrongUsage("mmap, lock or copy must follow --weights")
    }
    switch word {
    case "mmap": weights = .mapped
    case "lock": weights = .locked
    case "copy": weights = .copied
    default: return Console.wrongUsage("--weights must be mmap, lock or copy, not ", word)
    }
    return nil
  }

  private mutating func readKernel(_ arguments: inout ArgumentReader) -> ExitStatus? {
    guard let word = arguments.next() else {
      return Console.wrongUsage("an instruction set must follow --kernel")
    }
    return chooseKernel(word)
  }

  /// The instruction set that `SWIFTLET_KERNEL` names, where no option does.
  private mutating func readEnvironment() -> ExitStatus? {
    guard instructionSet == nil, let name = unsafe environmentValue("SWIFTLET_KERNEL") else { return nil }
    return unsafe chooseKernel(Word(pointer: name))
  }

  private mutating func chooseKernel(_ word: Word) -> ExitStatus? {
    var found: InstructionSet?
    InstructionSet.forEach { if $0.name ~= word { found = $0 } }
    guard let named = found else {
      return Console.wrongUsage("no such instruction set (see --help): ", word)
    }
    guard named.isSupported else {
      Console.complain {
        $0.write("this processor does not have ")
        $0.write(named.name)
      }
      return .failure
    }
    instructionSet = named
    return nil
  }
}
