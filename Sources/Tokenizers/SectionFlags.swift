/// The settings of a tokenizer section: bits of the header's flags.
///
/// No `OptionSet`: that brings array literals with it, which allocate.
struct SectionFlags {
  let rawValue: UInt16

  /// Whether all of `flags` are set.
  @inline(__always)
  func contains(_ flags: SectionFlags) -> Bool { rawValue & flags.rawValue == flags.rawValue }

  /// Normalised text starts with a space.
  static var addDummyPrefix: SectionFlags { SectionFlags(rawValue: 1 << 0) }
  /// Leading, trailing and repeated spaces are dropped.
  static var removeExtraWhitespaces: SectionFlags { SectionFlags(rawValue: 1 << 1) }
  /// A space becomes `▁`.
  static var escapeWhitespaces: SectionFlags { SectionFlags(rawValue: 1 << 2) }
  /// The dummy space stands at the end.
  static var whitespaceAsSuffix: SectionFlags { SectionFlags(rawValue: 1 << 3) }
  /// A character that no piece covers becomes one token a byte.
  static var byteFallback: SectionFlags { SectionFlags(rawValue: 1 << 4) }
  /// Some pieces are user-defined.
  static var hasUserDefined: SectionFlags { SectionFlags(rawValue: 1 << 5) }
  /// A run of unknown characters that is the text of a vocabulary entry becomes that entry.
  static var looksUpUnknownRuns: SectionFlags { SectionFlags(rawValue: 1 << 6) }
  /// A text's leading `>>…<<` is one token.
  static var languageCodes: SectionFlags { SectionFlags(rawValue: 1 << 7) }

  static var known: SectionFlags { SectionFlags(rawValue: 0xFF) }
}
