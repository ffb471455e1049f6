import SwiftletTokenizers

/// What a tokenizer section says, and its layout: `Sources/Tokenizers/FORMAT.md`.
struct SectionContents {
  var flags: UInt16 = 0
  var vocabularySize = 0
  var entryCount = 0
  /// The id of what the vocabulary doesn't have, if there is one.
  var unknownID: Int?
  var unknownScore: Float = 0
  var bestScore: Float = 0
  /// Bytes that one byte of text can become when normalised, at most.
  var expansion = 1
  /// Bytes that one id can decode to, at most.
  var longestText = 1
  var kind = TokenizerKind.unigram
  var split: UInt8 = 0
  var options: UInt16 = 0
  var longestWord = 0
  private var tables = [[UInt8]](repeating: [], count: generalTables)

  private static let unigramTables = 8
  private static let generalTables = 17
  /// What needs an alignment of 4 goes before what doesn't.
  private static let unaligned: Set<Int> = [2, 5, 7]

  /// The bytes of a table.
  subscript(table: SectionTable) -> [UInt8] {
    get { tables[Int(table.rawValue)] }
    set { tables[Int(table.rawValue)] = newValue }
  }

  /// The section's bytes: a multiple of 8.
  ///
  /// - Parameter general: Whether it is an `SwTK` section; else `SwUT`, which holds the first 8 tables.
  func section(general: Bool) -> [UInt8] {
    let headerWords = general ? 12 : 10
    let count = general ? Self.generalTables : Self.unigramTables
    let order = (0..<count).filter { !Self.unaligned.contains($0) } + Self.unaligned.sorted()
    var offsets = [Int](repeating: 0, count: count)
    var end = 4 * headerWords + 8 * count
    for table in order {
      offsets[table] = end
      end += tables[table].count
    }
    let total = (end + 7) / 8 * 8
    var section = littleEndian(header(bytes: total, general: general))
    for table in 0..<count {
      section += littleEndian([UInt32(offsets[table]), UInt32(tables[table].count)])
    }
    for table in order { section += tables[table] }
    section += [UInt8](repeating: 0, count: total - end)
    return section
  }

  private func header(bytes: Int, general: Bool) -> [UInt32] {
    let numbers: [UInt32] = [
      general ? 0x4B54_7753 : 0x5455_7753, 1 | UInt32(flags) << 16, UInt32(bytes), UInt32(vocabularySize),
      UInt32(entryCount), unknownID.map { UInt32($0) } ?? .max, unknownScore.bitPattern, bestScore.bitPattern,
      UInt32(expansion), UInt32(longestText),
    ]
    guard general else { return numbers }
    return numbers + [
      UInt32(kind.rawValue) | UInt32(split) << 8 | UInt32(options) << 16, UInt32(longestWord),
    ]
  }

  static let entryLimit = 0xF_FFFF
  static let textLimit = 0xFFF

  /// Sets the texts of all entries, and the index over them.
  mutating func setTexts(_ entries: [(text: [UInt8], type: PieceType)]) throws(UnigramSectionError) {
    guard entries.count < Self.entryLimit else {
      throw .tooManyEntries(entries.count, limit: Self.entryLimit - 1)
    }
    var index: [UInt32] = []
    var texts: [UInt8] = []
    for (place, entry) in entries.enumerated() {
      if place % 16 == 0 { index.append(UInt32(texts.count)) }
      let length = entry.text.count
      guard length <= Self.textLimit else {
        throw .textTooLong(String(decoding: entry.text, as: UTF8.self), bytes: length, limit: Self.textLimit)
      }
      if entry.type == .normal && length < 128 {
        texts.append(UInt8(length))
      } else {
        texts += [0x80 | entry.type.rawValue << 4 | UInt8(length >> 8), UInt8(length & 0xFF)]
      }
      texts += entry.text
    }
    entryCount = entries.count
    self[.textIndex] = littleEndian(index)
    self[.texts] = texts
  }

  /// Sets the trie over what text is cut into: a value is the entry, twice, and 1 more if it is always whole.
  mutating func setPieces(
    _ pieces: [(text: [UInt8], entry: Int, isWhole: Bool)]
  ) throws(UnigramSectionError) {
    self[.pieces] = littleEndian(
      try doubleArray(pieces.map(\.text), pieces.map { UInt32($0.entry) << 1 | ($0.isWhole ? 1 : 0) }))
  }
}

/// A trie over `keys`, which may be none.
func doubleArray(_ keys: [[UInt8]], _ values: [UInt32]) throws(UnigramSectionError) -> [UInt32] {
  do { return try DoubleArrayBuilder.build(keys, values: values) } catch { throw .badPieces("\(error)") }
}

func littleEndian(_ numbers: [UInt32]) -> [UInt8] {
  numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) } }
}
