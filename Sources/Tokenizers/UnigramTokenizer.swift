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
  public var vocabularySize: Int { tables.vocabularySize }
  /// The id of what the vocabulary doesn't have.
  public var unknownID: UInt32 { tables.unknownID }
  /// How many bytes one byte of text can become when normalised, at most.
  public var normalizedBytesPerByte: Int { tables.normalizedBytesPerByte }
  /// The most bytes that one id decodes to.
  public var longestText: Int { tables.longestText }

  let tables: TokenTables
  /// What an unknown character costs.
  let unknownScore: Float
  /// The best score of any piece; what user-defined pieces score depends on it.
  let bestScore: Float

  /// Opens a section: checks its header, the place of each table, each text and each score.
  ///
  /// - Parameter section: Starts at a multiple of 8 bytes; may be longer than the section. Has to outlive the view.
  /// - Throws: What is wrong, and where.
  /// - Complexity: O(entries): reads the texts and scores once, not the double arrays.
  public init(section: UnsafeRawBufferPointer) throws(TokenizerError) {
    let header = try unsafe SectionHeader(section)
    guard !header.isGeneral else { throw .wrongMagic(found: SectionHeader.generalMagic) }
    try self.init(header, try TokenTables(header))
  }

  /// Checks the scores of tables that are those of `header`.
  init(_ header: SectionHeader, _ tables: TokenTables) throws(TokenizerError) {
    guard tables.unknownID != TokenTables.noID else {
      throw .valueOutOfRange(value: tables.unknownID, at: 20)
    }
    self.tables = tables
    unknownScore = try header.float(24)
    bestScore = try header.float(28)
    let scores = unsafe tables.scores
    for entry in 0..<Int(truncatingIfNeeded: tables.entryCount) {
      guard unsafe Float(bitPattern: u32(scores, entry)).isFinite else {
        throw unsafe .badScore(entry: entry, at: distance(from: header.section, to: scores) &+ 4 &* entry)
      }
    }
  }

  /// How much scratch ``encode(_:into:normalized:lattice:)`` can need for a text of `textBytes` bytes.
  ///
  /// The worst case, which for most rules is 13 bytes a byte (`ﷺ` becomes 4 words). Latin text needs less than
  /// 2 bytes a byte, and nothing but ligatures more than 3: smaller scratch is safe, since a text that doesn't fit
  /// is an error that says what it needs.
  ///
  /// - Returns: Bytes for the normalised text, nodes (8 bytes each) for the lattice; `Int.max` where that overflows.
  public func scratch(forTextBytes textBytes: Int) -> (normalizedBytes: Int, latticeNodes: Int) {
    let bytes = tables.normalizedBytes(forTextBytes: textBytes)
    return (bytes, bytes == .max ? .max : bytes &+ 1)
  }
}
