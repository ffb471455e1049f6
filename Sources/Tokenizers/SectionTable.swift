/// A table of the tokenizer section. The raw value is its place in the header's list.
public enum SectionTable: UInt8, Sendable {
  /// One float32 an entry: the log-probability of the piece.
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

  /// The table's name, for messages.
  public var name: StaticString {
    switch self {
    case .scores: "scores"
    case .textIndex: "text index"
    case .texts: "texts"
    case .pieces: "pieces"
    case .rules: "rules"
    case .replacements: "replacements"
    case .bytePieces: "byte pieces"
    case .unknownSurface: "unknown surface"
    }
  }
}
