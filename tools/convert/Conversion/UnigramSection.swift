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

/// Builds the tokenizer section of a Marian model: ids are the vocabulary's, by the text of the pieces.
///
/// As in transformers' MarianTokenizer, a piece that the vocabulary doesn't have is unknown, a run of unknown
/// characters is looked up as one text, and a leading `>>…<<` is one token.
///
/// - Parameters:
///   - model: How text is cut: `source.spm`.
///   - vocabulary: `vocab.json`.
///   - unknownID: The id of `<unk>` in the vocabulary.
///   - target: How tokens are put together, if by another model: `target.spm`. It says which tokens are control
///     tokens; texts that neither model has decode as they stand.
///   - silentIDs: Further ids that decode to nothing: padding, language codes.
public func unigramSection(
  model: SentencePieceModel, vocabulary: Vocabulary, unknownID: Int, target: SentencePieceModel? = nil,
  silentIDs: Set<Int> = []
) throws(UnigramSectionError) -> [UInt8] {
  var builder = UnigramSectionBuilder(model: model, unknownID: unknownID)
  let decoder = target ?? model
  builder.entries = vocabulary.texts.enumerated().map { id, text in
    let piece = decoder.piece(of: text) ?? model.piece(of: text)
    return .init(
      text: text, type: silentIDs.contains(id) ? .control : id == unknownID ? .unknown : type(of: piece))
  }
  builder.vocabularySize = vocabulary.count
  builder.flags = [.looksUpUnknownRuns, .languageCodes]
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
  return try builder.section()
}

/// Builds the tokenizer section of a model whose ids are the SentencePiece model's own.
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
  }

  let model: SentencePieceModel
  let unknownID: Int
  var entries: [Entry] = []
  var vocabularySize = 0
  /// By piece of the model: its entry.
  var places: [Int] = []
  var flags: Flags = []
  var unknownSurface: [UInt8] = []

  private static let headerBytes = 104
  private static let entryLimit = 0xF_FFFF
  private static let textLimit = 0xFFF

  init(model: SentencePieceModel, unknownID: Int) {
    self.model = model
    self.unknownID = unknownID
  }

  /// The section's bytes: a multiple of 8.
  func section() throws(UnigramSectionError) -> [UInt8] {
    guard (0..<vocabularySize).contains(unknownID) else {
      throw .unknownIDOutOfRange(unknownID, vocabulary: vocabularySize)
    }
    guard entries.count < Self.entryLimit else {
      throw .tooManyEntries(entries.count, limit: Self.entryLimit - 1)
    }
    guard unknownSurface.count <= Self.textLimit else {
      throw .surfaceTooLong(bytes: unknownSurface.count, limit: Self.textLimit)
    }
    let charsmap = try Charsmap(model.normalizer)
    let (index, texts) = try textTables()
    let tables: [[UInt8]] = [
      littleEndian(scores()), littleEndian(index), texts, littleEndian(try pieces()), charsmap.units,
      charsmap.replacements, littleEndian(bytePieces()), unknownSurface,
    ]
    // What needs an alignment of 4 goes before what doesn't.
    let order = [0, 1, 3, 4, 6, 2, 5, 7]
    var offsets = [Int](repeating: 0, count: tables.count)
    var end = Self.headerBytes
    for table in order {
      offsets[table] = end
      end += tables[table].count
    }
    let total = (end + 7) / 8 * 8
    var section = littleEndian(header(bytes: total, expansion: charsmap.expansion))
    for (offset, table) in zip(offsets, tables) {
      section += littleEndian([UInt32(offset), UInt32(table.count)])
    }
    for table in order { section += tables[table] }
    section += [UInt8](repeating: 0, count: total - end)
    return section
  }

  private func header(bytes: Int, expansion: Int) -> [UInt32] {
    let normal = model.pieces.filter { $0.kind == .normal }.map(\.score)
    // The reference starts its search at FLT_MIN, the smallest positive number: scores below 0 don't count.
    let bestScore = max(Float.leastNormalMagnitude, normal.max() ?? 0)
    let unknownScore = (normal.min() ?? Float.greatestFiniteMagnitude) - 10
    let longest = entries[..<vocabularySize].map(\.text.bytes.count).max() ?? 0
    return [
      0x5455_7753, 1 | UInt32(allFlags.rawValue) << 16, UInt32(bytes), UInt32(vocabularySize),
      UInt32(entries.count), UInt32(unknownID), unknownScore.bitPattern, bestScore.bitPattern,
      UInt32(expansion), UInt32(max(longest, unknownSurface.count, 3)),
    ]
  }

  private var allFlags: Flags {
    var flags = flags
    let normalizer = model.normalizer
    if normalizer.addDummyPrefix { flags.insert(.addDummyPrefix) }
    if normalizer.removeExtraWhitespaces { flags.insert(.removeExtraWhitespaces) }
    if normalizer.escapeWhitespaces { flags.insert(.escapeWhitespaces) }
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

  private func textTables() throws(UnigramSectionError) -> (index: [UInt32], texts: [UInt8]) {
    var index: [UInt32] = []
    var texts: [UInt8] = []
    for (place, entry) in entries.enumerated() {
      if place % 16 == 0 { index.append(UInt32(texts.count)) }
      let length = entry.text.bytes.count
      guard length <= Self.textLimit else {
        throw .textTooLong(entry.text.description, bytes: length, limit: Self.textLimit)
      }
      if entry.type == .normal && length < 128 {
        texts.append(UInt8(length))
      } else {
        texts += [0x80 | entry.type.rawValue << 4 | UInt8(length >> 8), UInt8(length & 0xFF)]
      }
      texts += entry.text.bytes
    }
    return (index, texts)
  }

  /// The trie over what text can be cut into; a value is the entry, twice, and 1 more if it is user-defined.
  private func pieces() throws(UnigramSectionError) -> [UInt32] {
    var keys: [[UInt8]] = []
    var values: [UInt32] = []
    for (piece, place) in zip(model.pieces, places) where piece.kind == .normal || piece.kind == .userDefined
    {
      keys.append(piece.text.bytes)
      values.append(UInt32(place) << 1 | (piece.kind == .userDefined ? 1 : 0))
    }
    do {
      return try DoubleArrayBuilder.build(keys, values: values)
    } catch {
      throw .badPieces("\(error)")
    }
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

private func littleEndian(_ numbers: [UInt32]) -> [UInt8] {
  numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) } }
}
