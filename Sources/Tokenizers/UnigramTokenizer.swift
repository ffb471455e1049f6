/// Text to token ids and back, by the Unigram language model of sentencepiece, over tables read in place.
///
/// A view of one *tokenizer section* of a model file (layout: `FORMAT.md`). It owns nothing: the section's memory has
/// to outlive it. Copies are cheap. Nothing here allocates. No content of the section can do harm: what opening
/// checked is checked again where it is used, because a mapped file can change.
///
/// ```swift
/// let tokenizer = try UnigramTokenizer(section: bytes)
/// let need = tokenizer.scratch(forTextBytes: 2_000)
/// // … let the caller's arena lend `need.normalizedBytes` bytes and `need.latticeNodes` nodes …
/// let count = try tokenizer.encode(text, into: &ids, normalized: &normalized, lattice: &lattice)
/// ```
///
/// Ids are those of the model's vocabulary (Hugging Face's `vocab.json`), not those of the `.spm` file.
///
/// - SeeAlso: Taku Kudo, *Subword Regularization* (2018); `unigram_model.cc`, `normalizer.cc` and
///   `sentencepiece_processor.cc` of github.com/google/sentencepiece.
public struct UnigramTokenizer: Sendable {
  /// How many ids there are: an id is less than this.
  public let vocabularySize: Int
  /// The id of what the vocabulary doesn't have.
  public let unknownID: UInt32
  /// How many bytes one byte of text can become when normalised, at most.
  public let normalizedBytesPerByte: Int
  /// The most bytes that one id decodes to.
  public let longestText: Int

  let flags: SectionFlags
  /// Vocabulary entries, and after them the pieces that the vocabulary doesn't have.
  let entryCount: UInt32
  /// What an unknown character costs.
  let unknownScore: Float
  /// The best score of any piece; what user-defined pieces score depends on it.
  let bestScore: Float

  // Sendable: the memory is only ever read.
  nonisolated(unsafe) let scores: UnsafeRawBufferPointer
  nonisolated(unsafe) let textIndex: UnsafeRawBufferPointer
  nonisolated(unsafe) let texts: UnsafeRawBufferPointer
  nonisolated(unsafe) let bytePieces: UnsafeRawBufferPointer
  nonisolated(unsafe) let unknownSurface: UnsafeRawBufferPointer
  nonisolated(unsafe) let pieces: DoubleArray
  nonisolated(unsafe) let normalizer: Normalizer

  /// Opens a section: checks its header, the place of each table, each text and each score.
  ///
  /// - Parameter section: Starts at a multiple of 8 bytes; may be longer than the section. Has to outlive the view.
  /// - Throws: What is wrong, and where.
  /// - Complexity: O(entries): reads the texts and scores once, not the double arrays.
  public init(section: UnsafeRawBufferPointer) throws(TokenizerError) {
    let header = try SectionHeader(section)
    let bits = UInt16(truncatingIfNeeded: header.u32(4) &>> 16)
    flags = SectionFlags(rawValue: bits)
    guard SectionFlags.known.contains(flags) else {
      throw .unknownFlags(bits & ~SectionFlags.known.rawValue)
    }
    let vocabulary = try header.u32(12, in: 1...LatticeNode.unknown &- 1)
    entryCount = try header.u32(16, in: vocabulary...LatticeNode.unknown &- 1)
    unknownID = try header.u32(20, in: 0...vocabulary &- 1)
    unknownScore = try header.float(24)
    bestScore = try header.float(28)
    normalizedBytesPerByte = Int(truncatingIfNeeded: try header.u32(32, in: 1...0xFFFF))
    longestText = Int(truncatingIfNeeded: try header.u32(36, in: 1...0xFFFF))
    vocabularySize = Int(truncatingIfNeeded: vocabulary)

    let perIndex = UInt32(truncatingIfNeeded: SectionHeader.entriesPerIndex)
    let indexBytes = (entryCount &+ perIndex &- 1) / perIndex &* 4
    let any: ClosedRange<UInt32> = 0...0x7FFF_FFFF
    scores = try header.table(.scores, sizes: entryCount &* 4...entryCount &* 4, unit: 4)
    textIndex = try header.table(.textIndex, sizes: indexBytes...indexBytes, unit: 4)
    texts = try header.table(.texts, sizes: any, unit: 1)
    pieces = DoubleArray(try header.table(.pieces, sizes: 4...0x7FFF_FFFF, unit: 4))
    let rules = DoubleArray(try header.table(.rules, sizes: any, unit: 4))
    let replacements = try header.table(.replacements, sizes: any, unit: 1)
    let byteTable: UInt32 = flags.contains(.byteFallback) ? 1024 : 0
    bytePieces = try header.table(.bytePieces, sizes: byteTable...byteTable, unit: 4)
    unknownSurface = try header.table(
      .unknownSurface, sizes: 0...UInt32(truncatingIfNeeded: longestText), unit: 1)
    normalizer = Normalizer(rules: rules, replacements: replacements, pieces: pieces, flags: flags)
    try validateEntries(from: header.section)
  }

  /// How much scratch ``encode(_:into:normalized:lattice:)`` can need for a text of `textBytes` bytes.
  ///
  /// The worst case, which for most rules is 13 bytes a byte (`ﷺ` becomes 4 words). Latin text needs less than
  /// 2 bytes a byte, and nothing but ligatures more than 3: smaller scratch is safe, since a text that doesn't fit
  /// is an error that says what it needs.
  ///
  /// - Returns: Bytes for the normalised text, nodes (8 bytes each) for the lattice; `Int.max` where that overflows.
  public func scratch(forTextBytes textBytes: Int) -> (normalizedBytes: Int, latticeNodes: Int) {
    let (product, overflows) = max(textBytes, 0).multipliedReportingOverflow(by: normalizedBytesPerByte)
    guard !overflows, product < Int.max &- 4 else { return (Int.max, Int.max) }
    return (product &+ 3, product &+ 4)
  }

  private func validateEntries(from section: UnsafeRawBufferPointer) throws(TokenizerError) {
    // Tables start within the section, so the distances are offsets into it.
    let textsStart = distance(from: section, to: texts)
    var at = 0
    for entry in 0..<Int(truncatingIfNeeded: entryCount) {
      if entry & (SectionHeader.entriesPerIndex &- 1) == 0 {
        let indexed = u32(textIndex, entry / SectionHeader.entriesPerIndex)
        guard indexed == UInt32(truncatingIfNeeded: at) else {
          throw .badText(entry: entry, at: textsStart &+ at)
        }
      }
      guard let record = textRecord(at: at), record.bytes.count <= longestText || entry >= vocabularySize
      else {
        throw .badText(entry: entry, at: textsStart &+ at)
      }
      at = record.end
      guard Float(bitPattern: u32(scores, entry)).isFinite else {
        throw .badScore(entry: entry, at: distance(from: section, to: scores) &+ 4 &* entry)
      }
    }
  }

  private func distance(from section: UnsafeRawBufferPointer, to table: UnsafeRawBufferPointer) -> Int {
    guard let start = section.baseAddress, let place = table.baseAddress else { return 0 }
    return place - start
  }
}

/// Number `index` of a table of u32; 0 outside it.
@inline(__always)
func u32(_ table: UnsafeRawBufferPointer, _ index: Int) -> UInt32 {
  guard index >= 0, index < table.count / 4 else { return 0 }
  return UInt32(littleEndian: table.loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self))
}
