import SwiftletSources
import SwiftletTokenizers

/// Why a model and a vocabulary make no tokenizer section.
public enum UnigramSectionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The unknown token's id isn't in the vocabulary.
  case unknownIDOutOfRange(Int, vocabulary: Int)
  /// There are more entries than the runtime's 20-bit numbers can tell apart.
  case tooManyEntries(Int, limit: Int)
  /// A token's text is longer than the runtime's 12-bit lengths can say.
  case textTooLong(String, bytes: Int, limit: Int)
  /// The unknown surface is too long.
  case surfaceTooLong(bytes: Int, limit: Int)
  /// The normaliser's rules are broken.
  case badCharsmap(String)
  /// The pieces make no trie.
  case badPieces(String)

  /// Says what is wrong.
  public var description: String {
    switch self {
    case .unknownIDOutOfRange(let id, let count):
      "the unknown id is \(id); the vocabulary has \(count) tokens"
    case .tooManyEntries(let count, let limit): "\(count) tokens and pieces; the limit is \(limit)"
    case .textTooLong(let text, let bytes, let limit):
      "token '\(text.prefix(40))…' has \(bytes) bytes; the limit is \(limit)"
    case .surfaceTooLong(let bytes, let limit):
      "the unknown surface has \(bytes) bytes; the limit is \(limit)"
    case .badCharsmap(let why): "the normaliser's rules are broken: \(why)"
    case .badPieces(let why): "the pieces make no trie: \(why)"
    }
  }
}

/// Builds the tokenizer section of a model of Marian or CTranslate2: ids are the vocabulary's, by the text of the pieces.
///
/// As in transformers' MarianTokenizer, a piece that the vocabulary doesn't have is unknown, and a run of unknown
/// characters is looked up as one text.
///
/// - Parameters:
///   - model: How text is cut: `source.spm`.
///   - vocabulary: `vocab.json`, or CTranslate2's list.
///   - unknownID: The id of `<unk>` in the vocabulary.
///   - target: How tokens are put together, if by another model: `target.spm`. It says which tokens are control
///     tokens; texts that neither model has decode as they stand.
///   - silentIDs: Further ids that decode to nothing: padding, language codes.
///   - before, after: The tokens that stand around each text.
///   - takesLanguageCodes: Whether a leading `>>…<<` is one token.
public func unigramSection(
  model: SentencePieceModel, vocabulary: Vocabulary, unknownID: Int, target: SentencePieceModel? = nil,
  silentIDs: Set<Int> = [], before: [Int] = [], after: [Int] = [], takesLanguageCodes: Bool = false
) throws(UnigramSectionError) -> [UInt8] {
  var builder = UnigramSectionBuilder(model: model, unknownID: unknownID)
  let decoder = target ?? model
  builder.entries = vocabulary.texts.enumerated().map { id, text in
    let piece = decoder.piece(of: text) ?? model.piece(of: text)
    return .init(
      text: text, type: silentIDs.contains(id) ? .control : id == unknownID ? .unknown : type(of: piece))
  }
  builder.vocabularySize = vocabulary.count
  builder.flags = takesLanguageCodes ? [.looksUpUnknownRuns, .languageCodes] : .looksUpUnknownRuns
  builder.unknownSurface = decoder.unknownSurface
  var places: [Int] = []
  for piece in model.pieces {
    if let id = vocabulary[piece.text] {
      places.append(id)
    } else {
      places.append(builder.entries.count)
      builder.entries.append(.init(text: piece.text, type: type(of: piece)))
    }
  }
  builder.places = places
  if before.isEmpty, after.isEmpty { return try builder.section() }
  var section = TokenizerSection()
  section.contents = try builder.contents()
  section.surround(before: before, after: after)
  return try section.section()
}

/// Builds the tokenizer section of a model whose ids are the SentencePiece model's own, without a template.
public func unigramSection(model: SentencePieceModel) throws(UnigramSectionError) -> [UInt8] {
  var builder = UnigramSectionBuilder(model: model, unknownID: model.unknownPiece)
  builder.entries = model.pieces.map { .init(text: $0.text, type: type(of: model.piece(of: $0.text))) }
  builder.vocabularySize = model.pieces.count
  builder.unknownSurface = model.unknownSurface
  builder.places = Array(model.pieces.indices)
  return try builder.section()
}

private func type(of piece: SentencePieceModel.Piece?) -> PieceType {
  piece.flatMap { PieceType(rawValue: $0.kind.rawValue) } ?? .normal
}

/// Lays out a tokenizer section: `Sources/Tokenizers/FORMAT.md`.
struct UnigramSectionBuilder {
  /// A vocabulary entry, or a piece that the vocabulary doesn't have.
  struct Entry {
    let text: TokenText
    /// What it is when it is decoded.
    let type: PieceType
  }

  /// The header's flags: the bits are `FORMAT.md`'s.
  struct Flags: OptionSet {
    let rawValue: UInt16
    static let addDummyPrefix = Flags(rawValue: 1 << 0)
    static let removeExtraWhitespaces = Flags(rawValue: 1 << 1)
    static let escapeWhitespaces = Flags(rawValue: 1 << 2)
    static let whitespaceAsSuffix = Flags(rawValue: 1 << 3)
    static let byteFallback = Flags(rawValue: 1 << 4)
    static let hasUserDefined = Flags(rawValue: 1 << 5)
    static let looksUpUnknownRuns = Flags(rawValue: 1 << 6)
    static let languageCodes = Flags(rawValue: 1 << 7)

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// How a normaliser treats white space.
    init(_ normalizer: SentencePieceModel.Normalizer) {
      self = []
      if normalizer.addDummyPrefix { insert(.addDummyPrefix) }
      if normalizer.removeExtraWhitespaces { insert(.removeExtraWhitespaces) }
      if normalizer.escapeWhitespaces { insert(.escapeWhitespaces) }
    }
  }

  let model: SentencePieceModel
  let unknownID: Int
  var entries: [Entry] = []
  var vocabularySize = 0
  /// By piece of the model: its entry.
  var places: [Int] = []
  var flags: Flags = []
  var unknownSurface: [UInt8] = []

  init(model: SentencePieceModel, unknownID: Int) {
    self.model = model
    self.unknownID = unknownID
  }

  /// The section's bytes: a multiple of 8.
  func section() throws(UnigramSectionError) -> [UInt8] { try contents().section(general: false) }

  /// What the section says.
  func contents() throws(UnigramSectionError) -> SectionContents {
    guard (0..<vocabularySize).contains(unknownID) else {
      throw .unknownIDOutOfRange(unknownID, vocabulary: vocabularySize)
    }
    guard unknownSurface.count <= SectionContents.textLimit else {
      throw .surfaceTooLong(bytes: unknownSurface.count, limit: SectionContents.textLimit)
    }
    let charsmap = try Charsmap(model.normalizer)
    let normal = model.pieces.filter { $0.kind == .normal }.map(\.score)
    let longest = entries[..<vocabularySize].map(\.text.bytes.count).max() ?? 0
    var contents = SectionContents()
    contents.flags = allFlags.rawValue
    contents.vocabularySize = vocabularySize
    contents.unknownID = unknownID
    contents.unknownScore = (normal.min() ?? Float.greatestFiniteMagnitude) - 10
    // The reference starts its search at FLT_MIN, the smallest positive number: scores below 0 don't count.
    contents.bestScore = max(Float.leastNormalMagnitude, normal.max() ?? 0)
    contents.expansion = charsmap.expansion
    contents.longestText = max(longest, unknownSurface.count, 3)
    try contents.setTexts(entries.map { ($0.text.bytes, $0.type) })
    try contents.setPieces(
      zip(model.pieces, places).filter { $0.0.kind == .normal || $0.0.kind == .userDefined }.map {
        (text: $0.text.bytes, entry: $1, isWhole: $0.kind == .userDefined)
      })
    contents[.scores] = littleEndian(scores())
    contents[.rules] = charsmap.units
    contents[.replacements] = charsmap.replacements
    contents[.bytePieces] = littleEndian(bytePieces())
    contents[.unknownSurface] = unknownSurface
    return contents
  }

  private var allFlags: Flags {
    var flags = flags.union(Flags(model.normalizer))
    if model.treatWhitespaceAsSuffix { flags.insert(.whitespaceAsSuffix) }
    if model.byteFallback { flags.insert(.byteFallback) }
    if model.pieces.contains(where: { $0.kind == .userDefined }) { flags.insert(.hasUserDefined) }
    return flags
  }

  private func scores() -> [UInt32] {
    var scores = [UInt32](repeating: 0, count: entries.count)
    for (piece, place) in zip(model.pieces, places) where piece.kind == .normal {
      scores[place] = piece.score.bitPattern
    }
    return scores
  }

  private func bytePieces() -> [UInt32] {
    guard model.byteFallback else { return [] }
    var table = [UInt32](repeating: 0, count: 256)
    for (piece, place) in zip(model.pieces, places) where piece.kind == .byte {
      if let byte = SentencePieceModel.byte(of: piece.text) { table[Int(byte)] = UInt32(place) }
    }
    return table
  }
}
