/// The tables that all kinds of tokenizer have: texts of tokens, the trie over them, and how text is normalised.
@safe struct TokenTables: Sendable {
  let vocabularySize: Int
  /// Vocabulary entries, and after them the pieces that the vocabulary doesn't have.
  let entryCount: UInt32
  /// The id of what the vocabulary doesn't have; ``noID`` if there is none.
  let unknownID: UInt32
  let normalizedBytesPerByte: Int
  let longestText: Int
  let flags: SectionFlags

  // Sendable: the memory is only ever read.
  nonisolated(unsafe) let scores: UnsafeRawBufferPointer
  nonisolated(unsafe) let texts: TextTable
  nonisolated(unsafe) let bytePieces: UnsafeRawBufferPointer
  nonisolated(unsafe) let unknownSurface: UnsafeRawBufferPointer
  nonisolated(unsafe) let pieces: DoubleArray
  nonisolated(unsafe) let normalizer: Normalizer

  /// What stands for "no token".
  static var noID: UInt32 { 0xFFFF_FFFF }

  /// Reads a section's numbers and places its tables, checked.
  init(_ header: SectionHeader) throws(TokenizerError) {
    let bits = UInt16(truncatingIfNeeded: header.u32(4) &>> 16)
    flags = SectionFlags(rawValue: bits)
    guard SectionFlags.known.contains(flags) else {
      throw .unknownFlags(bits & ~SectionFlags.known.rawValue)
    }
    let vocabulary = try header.u32(12, in: 1...LatticeNode.unknown &- 1)
    entryCount = try header.u32(16, in: vocabulary...LatticeNode.unknown &- 1)
    let unknown = header.u32(20)
    guard unknown < vocabulary || (header.isGeneral && unknown == Self.noID) else {
      throw .valueOutOfRange(value: unknown, at: 20)
    }
    unknownID = unknown
    normalizedBytesPerByte = Int(truncatingIfNeeded: try header.u32(32, in: 1...0xFFFF))
    longestText = Int(truncatingIfNeeded: try header.u32(36, in: 1...0xFFFF))
    vocabularySize = Int(truncatingIfNeeded: vocabulary)

    let perIndex = UInt32(truncatingIfNeeded: SectionHeader.entriesPerIndex)
    let indexBytes = (entryCount &+ perIndex &- 1) / perIndex &* 4
    let leastScores = header.isGeneral ? 0 : entryCount &* 4
    unsafe scores = try unsafe header.table(.scores, sizes: leastScores...entryCount &* 4, unit: 4)
    unsafe texts = TextTable(
      index: try header.table(.textIndex, sizes: indexBytes...indexBytes, unit: 4),
      texts: try header.table(.texts, sizes: SectionHeader.anySize, unit: 1), count: entryCount)
    unsafe pieces = DoubleArray(try header.table(.pieces, sizes: 4...0x7FFF_FFFF, unit: 4))
    let rules = unsafe DoubleArray(try header.table(.rules, sizes: SectionHeader.anySize, unit: 4))
    let replacements = try unsafe header.table(.replacements, sizes: SectionHeader.anySize, unit: 1)
    let byteTable: UInt32 = flags.contains(.byteFallback) ? 1024 : 0
    unsafe bytePieces = try unsafe header.table(.bytePieces, sizes: byteTable...byteTable, unit: 4)
    unsafe unknownSurface = try unsafe header.table(
      .unknownSurface, sizes: 0...UInt32(truncatingIfNeeded: longestText), unit: 1)
    unsafe normalizer = Normalizer(
      rules: rules, replacements: replacements, pieces: pieces, flags: flags)
    try unsafe validateTexts(from: header.section)
  }

  private func validateTexts(from section: UnsafeRawBufferPointer) throws(TokenizerError) {
    // Tables start within the section, so the distances are offsets into it.
    let textsStart = unsafe distance(from: section, to: texts.texts)
    var at = 0
    for entry in 0..<Int(truncatingIfNeeded: entryCount) {
      if entry & (SectionHeader.entriesPerIndex &- 1) == 0 {
        let indexed = unsafe u32(texts.index, entry / SectionHeader.entriesPerIndex)
        guard indexed == UInt32(truncatingIfNeeded: at) else {
          throw .badText(entry: entry, at: textsStart &+ at)
        }
      }
      guard let record = unsafe texts.record(at: at),
        unsafe record.bytes.count <= longestText || entry >= vocabularySize
      else {
        throw .badText(entry: entry, at: textsStart &+ at)
      }
      at = record.end
    }
  }

  /// The entry of the piece that is exactly the `count` bytes at `start`, or nil. They are within `bytes`.
  @inline(__always)
  func entry(of bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> UInt32? {
    guard var cursor = unsafe pieces.root else { return nil }
    for index in start..<start &+ count {
      guard unsafe pieces.step(&cursor, bytes[index]) else { return nil }
    }
    guard let value = unsafe pieces.value(cursor), value &>> 1 < entryCount else { return nil }
    return value &>> 1
  }

  /// The token id of an entry.
  @inline(__always)
  func id(ofEntry entry: UInt32) -> UInt32 {
    entry < UInt32(truncatingIfNeeded: vocabularySize) ? entry : unknownID
  }

  /// The id of a byte's token; of a byte that has none the unknown one.
  @inline(__always)
  func id(ofByte byte: UInt8) -> UInt32 {
    let entry = unsafe u32(bytePieces, Int(truncatingIfNeeded: byte))
    return entry == Self.noID ? unknownID : id(ofEntry: entry)
  }

  /// What a text of `textBytes` bytes needs, normalised, at most; `Int.max` where that overflows.
  func normalizedBytes(forTextBytes textBytes: Int) -> Int {
    let (product, overflows) = max(textBytes, 0).multipliedReportingOverflow(by: normalizedBytesPerByte)
    return overflows || product >= Int.max &- 4 ? Int.max : product &+ 3
  }
}

func distance(from section: UnsafeRawBufferPointer, to table: UnsafeRawBufferPointer) -> Int {
  guard let start = section.baseAddress, let place = table.baseAddress else { return 0 }
  return unsafe place - start
}

/// Number `index` of a table of u32; 0 outside it.
@inline(__always)
func u32(_ table: UnsafeRawBufferPointer, _ index: Int) -> UInt32 {
  guard index >= 0, index < table.count / 4 else { return 0 }
  return unsafe UInt32(littleEndian: table.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
}
