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
    case "--beam": return whole(option, 1...64, &arguments) { $0.beams = $1 }
    case "--n-best": return whole(option, 1...64, &arguments) { $0.nBest = $1 }
    case "--length-penalty": return decimal(option, -8...8, &arguments) { $0.lengthPenalty = $1 }
    case "--coverage-penalty": return decimal(option, -100...100, &arguments) { $0.coveragePenalty = $1 }
    case "--patience": return decimal(option, 0.01...16, &arguments) { $0.patience = $1 }
    case "--early-stopping": return readEarlyStopping(&arguments)
    case "--repetition-penalty": return decimal(option, 0.01...100, &arguments) { $0.repetitionPenalty = $1 }
    case "--presence-penalty": return decimal(option, -100...100, &arguments) { $0.presencePenalty = $1 }
    case "--frequency-penalty": return decimal(option, -100...100, &arguments) { $0.frequencyPenalty = $1 }
    case "--no-repeat-ngram": return whole(option, 0...8192, &arguments) { $0.noRepeatNGram = $1 }
    case "--min-tokens": return whole(option, 0...8192, &arguments) { $0.minimumTokens = $1 }
    case "--shortlist": return text(option, &arguments) { $0.shortlist = $1 }
    case "--prefix": return text(option, &arguments) { $0.prefix = $1 }
    case "--suppress": return list(option, &arguments) { $0.suppressed.add($1) }
    case "--stop": return list(option, &arguments) { $0.stops.add($1) }
    default: return readSampling(option, &arguments)
    }
  }

  private mutating func readSampling(_ option: Word, _ arguments: inout ArgumentReader) -> Outcome {
    switch option {
    case "--temperature":
      return decimal(option, 0...100, &arguments) {
        // No temperature is the likeliest token.
        ($0.sampling.temperature, $0.draws) = ($1, $1 > 0)
      }
    case "--top-k":
      return whole(option, 0...4_000_000, &arguments) { ($0.sampling.topK, $0.draws) = ($1, true) }
    case "--top-p": return decimal(option, 0...1, &arguments) { ($0.sampling.topP, $0.draws) = ($1, true) }
    case "--min-p": return decimal(option, 0...1, &arguments) { ($0.sampling.minP, $0.draws) = ($1, true) }
    case "--typical":
      return decimal(option, 0.001...1, &arguments) { ($0.sampling.typicalP, $0.draws) = ($1, true) }
    case "--seed":
      return whole(option, 0...Int.max, &arguments) {
        ($0.sampling.seed, $0.draws) = (UInt64($1), true)
      }
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

  private mutating func whole(
    _ option: Word, _ range: ClosedRange<Int>, _ arguments: inout ArgumentReader,
    _ set: (inout DecodingOptions, Int) -> Void
  ) -> Outcome {
    Self.following("a number must follow ", option, &arguments) { word in
      guard let value = word.number, range.contains(value) else {
        return .stop(Console.wrongUsage(option, range, word))
      }
      set(&self, value)
      return .read
    }
  }

  private mutating func decimal(
    _ option: Word, _ range: ClosedRange<Double>, _ arguments: inout ArgumentReader,
    _ set: (inout DecodingOptions, Float) -> Void
  ) -> Outcome {
    Self.following("a number must follow ", option, &arguments) { word in
      guard let value = word.decimal, range.contains(value) else {
        return .stop(Console.wrongUsage(option, range, word))
      }
      set(&self, Float(value))
      return .read
    }
  }

  private mutating func text(
    _ option: Word, _ arguments: inout ArgumentReader, _ set: (inout DecodingOptions, Word) -> Void
  ) -> Outcome {
    Self.following("a text must follow ", option, &arguments) { word in
      set(&self, word)
      return .read
    }
  }

  private mutating func list(
    _ option: Word, _ arguments: inout ArgumentReader, _ add: (inout DecodingOptions, Word) -> Bool
  ) -> Outcome {
    Self.following("a text must follow ", option, &arguments) { word in
      add(&self, word) ? .read : .stop(Console.wrongUsage("at most 16 times: ", option))
    }
  }

  /// Reads the word that must follow an option, as `complaint` says where there is none.
  static func following(
    _ complaint: StaticString, _ option: Word, _ arguments: inout ArgumentReader, _ read: (Word) -> Outcome
  ) -> Outcome {
    guard let word = arguments.next() else { return .stop(Console.wrongUsage(complaint, option)) }
    return read(word)
  }
}
