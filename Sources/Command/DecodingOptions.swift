import Swiftlet
import SwiftletDecoding
import SwiftletPlatform
import SwiftletModelFile

/// The options that say how tokens are chosen, for every command that decodes. What no option says is the model's.
struct DecodingOptions {
  private var beams: Int?
  private var nBest = 1
  private var lengthPenalty: Float?
  private var coveragePenalty: Float = 0
  private var patience: Float?
  private var earlyStopping: SearchSettings.EarlyStopping?
  private var sampling = SamplingSettings()
  private var draws = false
  private var repetitionPenalty: Float?
  private var presencePenalty: Float = 0
  private var frequencyPenalty: Float = 0
  private var noRepeatNGram: Int?
  private var minimumTokens = 0
  private var drafts = 0
  /// Whether alignments are shown.
  var aligns = false
  /// Whether these are weights, not pairs.
  var alignsSoftly = false
  private var prefix: Word?
  private var shortlist: Word?
  private var suppressed = WordList()
  private var stops = WordList()

  /// How many hypotheses are shown of each sentence.
  var shown: Int { nBest }

  /// What came of reading an option.
  enum Outcome {
    /// It is none of these.
    case unknown
    case read
    case stop(ExitStatus)
  }

  /// Reads one option and what follows it.
  mutating func read(_ option: Word, _ arguments: inout ArgumentReader) -> Outcome {
    switch option {
    case "--beam": return Self.whole(option, 1...64, &arguments, &beams)
    case "--n-best": return Self.whole(option, 1...64, &arguments, &nBest)
    case "--length-penalty": return Self.decimal(option, -8...8, &arguments, &lengthPenalty)
    case "--coverage-penalty": return Self.decimal(option, -100...100, &arguments, &coveragePenalty)
    case "--patience": return Self.decimal(option, 0.01...16, &arguments, &patience)
    case "--early-stopping": return readEarlyStopping(&arguments)
    case "--repetition-penalty": return Self.decimal(option, 0.01...100, &arguments, &repetitionPenalty)
    case "--presence-penalty": return Self.decimal(option, -100...100, &arguments, &presencePenalty)
    case "--frequency-penalty": return Self.decimal(option, -100...100, &arguments, &frequencyPenalty)
    case "--no-repeat-ngram": return Self.whole(option, 0...8192, &arguments, &noRepeatNGram)
    case "--min-tokens": return Self.whole(option, 0...8192, &arguments, &minimumTokens)
    case "--draft": return Self.whole(option, 0...SearchSettings.mostDrafts, &arguments, &drafts)
    case "--shortlist": return Self.text(option, &arguments, &shortlist)
    case "--prefix": return Self.text(option, &arguments, &prefix)
    case "--suppress": return Self.list(option, &arguments, &suppressed)
    case "--stop": return Self.list(option, &arguments, &stops)
    default: return readSampling(option, &arguments)
    }
  }

  private mutating func readSampling(_ option: Word, _ arguments: inout ArgumentReader) -> Outcome {
    switch option {
    case "--temperature":
      let outcome = Self.decimal(option, 0...100, &arguments, &sampling.temperature)
      // No temperature is the likeliest token.
      draws = sampling.temperature > 0
      return outcome
    default:
      let outcome = readDrawing(option, &arguments)
      if case .unknown = outcome { return outcome }
      draws = true
      return outcome
    }
  }

  /// What says how to draw, and so that tokens are drawn.
  private mutating func readDrawing(_ option: Word, _ arguments: inout ArgumentReader) -> Outcome {
    switch option {
    case "--top-k": return Self.whole(option, 0...4_000_000, &arguments, &sampling.topK)
    case "--top-p": return Self.decimal(option, 0...1, &arguments, &sampling.topP)
    case "--min-p": return Self.decimal(option, 0...1, &arguments, &sampling.minP)
    case "--typical": return Self.decimal(option, 0.001...1, &arguments, &sampling.typicalP)
    case "--seed":
      var seed = 0
      let outcome = Self.whole(option, 0...Int.max, &arguments, &seed)
      sampling.seed = UInt64(seed)
      return outcome
    default: return .unknown
    }
  }

  /// The settings: the model's, with what the options say instead.
  func settings(_ defaults: DecodingDefaults) -> SearchSettings {
    var settings = SearchSettings(defaults)
    settings.nBest = nBest
    if let beams { settings.beams = beams }
    if let lengthPenalty { settings.lengthPenalty = lengthPenalty }
    settings.coveragePenalty = coveragePenalty
    if let patience { settings.patience = patience }
    if let earlyStopping { settings.earlyStopping = earlyStopping }
    if let repetitionPenalty { settings.repetitionPenalty = repetitionPenalty }
    if let noRepeatNGram { settings.noRepeatNGram = noRepeatNGram }
    settings.presencePenalty = presencePenalty
    settings.frequencyPenalty = frequencyPenalty
    settings.minimumTokens = minimumTokens
    settings.drafts = drafts
    if draws {
      settings.sampling = sampling
      // Drawing is one hypothesis at a time, whatever the model's makers do.
      if beams == nil { settings.beams = 1 }
    }
    return settings
  }

  /// The room that the texts take.
  var constraints: ConstraintSizes {
    var sizes = ConstraintSizes()
    sizes.prefixBytes = unsafe prefix?.bytes.count ?? 0
    (sizes.suppressedBytes, sizes.suppressedCount) = (suppressed.byteCount, suppressed.count)
    sizes.hasAlignment = aligns
    sizes.hasShortlist = shortlist != nil
    (sizes.stopBytes, sizes.stopCount) = (stops.byteCount, stops.count)
    return sizes
  }

  /// Gives the texts to a translator that was planned for them.
  func apply(to translator: inout Translator) throws(SwiftletError) {
    if let prefix { try unsafe translator.force(prefix: Span(_unsafeBytes: prefix.bytes)) }
    for index in 0..<suppressed.count {
      if let text = suppressed[index] { try unsafe translator.suppress(Span(_unsafeBytes: text.bytes)) }
    }
    for index in 0..<stops.count {
      if let text = stops[index] { try unsafe translator.stop(at: Span(_unsafeBytes: text.bytes)) }
    }
  }

  /// Lets a translator choose only the tokens of the shortlist, if there is one.
  func applyShortlist(to translator: inout Translator) -> ExitStatus? {
    guard let shortlist else { return nil }
    return ShortlistFile.apply(shortlist, to: &translator)
  }

  /// What can't be asked for together, before a model is opened.
  func check(streams: Bool) -> ExitStatus? {
    if draws, let beams, beams > 1 {
      return Console.wrongUsage("tokens can't be drawn with --beam: leave one of them out")
    }
    if drafts > 0, let beams, beams > 1 {
      return Console.wrongUsage("--draft can't be used with --beam: leave one of them out")
    }
    if streams, let beams, beams > 1 { return Console.wrongUsage("--stream can't be used with --beam") }
    return nil
  }
}

extension DecodingOptions {
  private mutating func readEarlyStopping(_ arguments: inout ArgumentReader) -> Outcome {
    guard let word = arguments.next() else {
      return .stop(Console.wrongUsage("false, true or never must follow --early-stopping"))
    }
    switch word {
    case "false": earlyStopping = .heuristic
    case "true": earlyStopping = .whenFull
    case "never": earlyStopping = .never
    default: return .stop(Console.wrongUsage("--early-stopping must be false, true or never, not ", word))
    }
    return .read
  }

  /// Reads a number into `value`, which stays as it is where that fails.
  @inline(never)
  private static func whole(
    _ option: Word, _ range: ClosedRange<Int>, _ arguments: inout ArgumentReader, _ value: inout Int
  ) -> Outcome {
    following("a number must follow ", option, &arguments) { word in
      guard let number = word.number, range.contains(number) else {
        return .stop(Console.wrongUsage(option, range, word))
      }
      value = number
      return .read
    }
  }

  private static func whole(
    _ option: Word, _ range: ClosedRange<Int>, _ arguments: inout ArgumentReader, _ value: inout Int?
  ) -> Outcome {
    var number = 0
    let outcome = whole(option, range, &arguments, &number)
    value = number
    return outcome
  }

  @inline(never)
  private static func decimal(
    _ option: Word, _ range: ClosedRange<Double>, _ arguments: inout ArgumentReader, _ value: inout Float
  ) -> Outcome {
    following("a number must follow ", option, &arguments) { word in
      guard let number = word.decimal, range.contains(number) else {
        return .stop(Console.wrongUsage(option, range, word))
      }
      value = Float(number)
      return .read
    }
  }

  private static func decimal(
    _ option: Word, _ range: ClosedRange<Double>, _ arguments: inout ArgumentReader, _ value: inout Float?
  ) -> Outcome {
    var number: Float = 0
    let outcome = decimal(option, range, &arguments, &number)
    value = number
    return outcome
  }

  @inline(never)
  private static func text(
    _ option: Word, _ arguments: inout ArgumentReader, _ text: inout Word?
  ) -> Outcome {
    following("a text must follow ", option, &arguments) { word in
      text = word
      return .read
    }
  }

  @inline(never)
  private static func list(
    _ option: Word, _ arguments: inout ArgumentReader, _ list: inout WordList
  ) -> Outcome {
    following("a text must follow ", option, &arguments) { word in
      list.add(word) ? .read : .stop(Console.wrongUsage("at most 16 times: ", option))
    }
  }

  /// Reads the word that must follow an option, as `complaint` says where there is none.
  static func following(
    _ complaint: StaticText, _ option: Word, _ arguments: inout ArgumentReader, _ read: (Word) -> Outcome
  ) -> Outcome {
    guard let word = arguments.next() else { return .stop(Console.wrongUsage(complaint, option)) }
    return read(word)
  }
}
