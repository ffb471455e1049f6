import Swiftlet
import SwiftletModelFile
import SwiftletPlatform

/// The options of single commands.
struct TaskOptions {
  /// Whether texts that are too long are cut.
  var truncates = false
  /// How states become one vector.
  var pooling: EncoderHead.Pooling?
  /// Whether vectors are written as bytes.
  var isRaw = false
  /// Whether two texts are compared.
  var compares = false
  /// How many classes or tokens are shown.
  var top: Int?
  /// Whether ids are written without pieces.
  var showsIDs = false
  /// Whether ids are read.
  var decodes = false
  /// Whether the target's tokenizer is meant.
  var usesTarget = false
  /// Whether a prompt is written before what goes on from it.
  var echoes = false
  /// Whether texts are messages of a user.
  var chats = false
  /// Whether `score` is planned for.
  var plansScores = false
  /// The codes of languages.
  var sourceLanguage: Word?
  var targetLanguage: Word?

  /// The file that shows what tokens attended to.
  var attention: Word?
  /// Whether unknown tokens become source words.
  var replacesUnknown = false

  /// Reads one option and what follows it.
  mutating func read(_ option: Word, _ arguments: inout ArgumentReader) -> DecodingOptions.Outcome {
    switch option {
    case "--truncate": truncates = true
    case "--raw": isRaw = true
    case "--similarity": compares = true
    case "--ids": showsIDs = true
    case "--decode": decodes = true
    case "--target": usesTarget = true
    case "--echo": echoes = true
    case "--chat": chats = true
    case "--score": plansScores = true
    case "--replace-unknown": replacesUnknown = true
    case "--attention": return readAttention(option, &arguments)
    case "--pooling": return readPooling(&arguments)
    case "--top": return readTop(option, &arguments)
    case "--source-language", "--target-language": return readLanguage(option, &arguments)
    default: return .unknown
    }
    return .read
  }

  private mutating func readPooling(_ arguments: inout ArgumentReader) -> DecodingOptions.Outcome {
    guard let word = arguments.next() else {
      return .stop(Console.wrongUsage("mean, first, last or max must follow --pooling"))
    }
    switch word {
    case "mean": pooling = .mean
    case "first": pooling = .first
    case "last": pooling = .last
    case "max": pooling = .maximum
    default: return .stop(Console.wrongUsage("--pooling must be mean, first, last or max, not ", word))
    }
    return .read
  }

  private mutating func readTop(
    _ option: Word, _ arguments: inout ArgumentReader
  ) -> DecodingOptions.Outcome {
    DecodingOptions.following("a number must follow ", option, &arguments) { word in
      guard let value = word.number, (1...TopScores.most).contains(value) else {
        return .stop(Console.wrongUsage(option, 1...TopScores.most, word))
      }
      top = value
      return .read
    }
  }

  private mutating func readAttention(
    _ option: Word, _ arguments: inout ArgumentReader
  ) -> DecodingOptions.Outcome {
    DecodingOptions.following("a file must follow ", option, &arguments) { word in
      guard word.hasSuffix(".svg") || word.hasSuffix(".json") else {
        return .stop(Console.wrongUsage("--attention takes a file that ends in .svg or .json, not ", word))
      }
      attention = word
      return .read
    }
  }

  private mutating func readLanguage(
    _ option: Word, _ arguments: inout ArgumentReader
  ) -> DecodingOptions.Outcome {
    DecodingOptions.following("a language's code must follow ", option, &arguments) { word in
      if case "--source-language" = option { sourceLanguage = word } else { targetLanguage = word }
      return .read
    }
  }

  /// What can't be asked for together, or with what else there is.
  func check(_ options: Options) -> ExitStatus? {
    if isRaw, options.isJSON || options.isDigest || compares {
      return Console.wrongUsage("--raw can't be used with --json, --digest or --similarity")
    }
    if compares, options.textCount != 0, options.textCount != 2 {
      return Console.wrongUsage("--similarity takes two texts, or lines with a TAB between two")
    }
    if attention != nil, options.command.takesTexts, options.textCount != 1 {
      return Console.wrongUsage("--attention takes one TEXT")
    }
    if options.streams, attention != nil || replacesUnknown {
      return Console.wrongUsage("--stream can't be used with --attention or --replace-unknown")
    }
    if decodes, showsIDs { return Console.wrongUsage("--decode can't be used with --ids") }
    if echoes, options.batch > 1 { return Console.wrongUsage("--echo can't be used with --batch") }
    if echoes, options.isJSON || options.isDigest || options.decoding.shown > 1 {
      return Console.wrongUsage("--echo can't be used with --json, --digest or --n-best")
    }
    return nil
  }
}
