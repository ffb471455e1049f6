/// How a tokenizer cuts text. The raw values are the file's.
public enum TokenizerKind: UInt8, Sendable {
  /// The most probable pieces, by a Unigram language model.
  case unigram = 1
  /// Byte-pair encoding, of characters or of bytes.
  case bytePairs = 2
  /// BERT's longest pieces of words.
  case wordPieces = 3
  /// A token for each character.
  case characters = 4
}

/// What a tokenizer does beyond its tables: bits of the header.
struct TokenizerOptions {
  let rawValue: UInt16

  @inline(__always)
  func contains(_ option: TokenizerOptions) -> Bool { rawValue & option.rawValue != 0 }

  /// The symbols of byte pairs are bytes, not characters.
  static var bytes: TokenizerOptions { TokenizerOptions(rawValue: 1 << 0) }
  /// A word that is a token becomes it, whatever merges say.
  static var ignoresMerges: TokenizerOptions { TokenizerOptions(rawValue: 1 << 1) }
  /// Unknown characters in a row are one unknown token.
  static var fusesUnknown: TokenizerOptions { TokenizerOptions(rawValue: 1 << 2) }
  /// A space goes in front of text that has none.
  static var addsSpace: TokenizerOptions { TokenizerOptions(rawValue: 1 << 3) }
  /// Text is brought into Unicode's form NFC.
  static var composes: TokenizerOptions { TokenizerOptions(rawValue: 1 << 4) }
  /// Words start at each `▁`.
  static var splitsAtSpaceSymbols: TokenizerOptions { TokenizerOptions(rawValue: 1 << 5) }
  /// Each digit is a word of its own.
  static var isolatesDigits: TokenizerOptions { TokenizerOptions(rawValue: 1 << 6) }
  /// Hangul syllables are taken apart.
  static var decomposesHangul: TokenizerOptions { TokenizerOptions(rawValue: 1 << 7) }
  /// Only text at the very start gets the dummy prefix, not that behind an added token.
  static var prefixesFirstOnly: TokenizerOptions { TokenizerOptions(rawValue: 1 << 8) }
  /// Text that starts with a space gets no dummy prefix.
  static var prefixesUnlessPresent: TokenizerOptions { TokenizerOptions(rawValue: 1 << 9) }
  /// When decoding, of the first token every `▁` goes, not one; and none of those that follow.
  static var dropsFirstSpaces: TokenizerOptions { TokenizerOptions(rawValue: 1 << 10) }

  static var known: UInt16 { 0x7FF }
}
