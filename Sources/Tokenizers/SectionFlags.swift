/// The settings of a tokenizer section: bits of the header's flags.
struct SectionFlags: OptionSet {
  let rawValue: UInt16

  /// Normalised text starts with a space.
  static let addDummyPrefix = SectionFlags(rawValue: 1 << 0)
  /// Leading, trailing and repeated spaces are dropped.
  static let removeExtraWhitespaces = SectionFlags(rawValue: 1 << 1)
  /// A space becomes `▁`.
  static let escapeWhitespaces = SectionFlags(rawValue: 1 << 2)
  /// The dummy space stands at the end.
  static let whitespaceAsSuffix = SectionFlags(rawValue: 1 << 3)
  /// A character that no piece covers becomes one token a byte.
  static let byteFallback = SectionFlags(rawValue: 1 << 4)
  /// Some pieces are user-defined.
  static let hasUserDefined = SectionFlags(rawValue: 1 << 5)
  /// A run of unknown characters that is the text of a vocabulary entry becomes that entry.
  static let looksUpUnknownRuns = SectionFlags(rawValue: 1 << 6)
  /// A text's leading `>>…<<` is one token.
  static let languageCodes = SectionFlags(rawValue: 1 << 7)

  static let known = SectionFlags(rawValue: 0xFF)
}
