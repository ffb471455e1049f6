import SwiftletPlatform

/// A table of the tokenizer section. The raw value is its place in the header's list; a plain Unigram section has the
/// first eight.
public enum SectionTable: UInt8, Sendable {
  /// One number an entry: the log-probability of a Unigram piece (float32), or in what order pairs are merged to it.
  case scores
  /// One u32 for each 16 entries: where their texts start.
  case textIndex
  /// The entries' texts, each behind its length and type.
  case texts
  /// The double array over the pieces.
  case pieces
  /// The double array over the normaliser's rules.
  case rules
  /// What the normaliser's rules put in place: texts that end with a zero byte.
  case replacements
  /// One u32 for each byte value: the entry of the byte's piece. Empty without byte fallback.
  case bytePieces
  /// What an unknown token decodes to.
  case unknownSurface
  /// One u32 an entry, and one more: where its merges start.
  case mergeStarts
  /// The merges: which pairs make an entry, and in what order.
  case merges
  /// The double array over the added tokens that are looked for in the text as it is.
  case addedTexts
  /// The double array over the added tokens that are looked for in normalised text.
  case addedNormalizedTexts
  /// One u32 for each added token: its id, and what it takes with it.
  case addedTokens
  /// What stands before, between and after texts.
  case template
  /// The classes of characters: where each run of one class starts.
  case characterClasses
  /// The double array over pairs of characters that compose.
  case compositions
  /// Canonical combining classes: where each run of one class starts.
  case combiningClasses

  /// The table's name, for messages.
  public var name: StaticText {
    switch self {
    case .scores: "scores"
    case .textIndex: "text index"
    case .texts: "texts"
    case .pieces: "pieces"
    case .rules: "rules"
    case .replacements: "replacements"
    case .bytePieces: "byte pieces"
    case .unknownSurface: "unknown surface"
    case .mergeStarts: "merge starts"
    case .merges: "merges"
    case .addedTexts: "added texts"
    case .addedNormalizedTexts: "added normalised texts"
    case .addedTokens: "added tokens"
    case .template: "template"
    case .characterClasses: "character classes"
    case .compositions: "compositions"
    case .combiningClasses: "combining classes"
    }
  }
}
