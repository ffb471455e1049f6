/// Text to token ids and back, by whatever kind of tokenizer a model has, over tables read in place.
///
/// A view of one *tokenizer section* of a model file (layout: `FORMAT.md`). It owns nothing: the section's memory has
/// to outlive it. Copies are cheap. Nothing here allocates. No content of the section can do harm: what opening
/// checked is checked again where it is used, because a mapped file can change.
///
/// ```swift
/// let tokenizer = try Tokenizer(section: bytes)
/// let need = tokenizer.scratch(forTextBytes: 2_000)
/// // … let the caller's arena lend `need.normalizedBytes` bytes and `need.latticeNodes` nodes …
/// let count = try tokenizer.encode(text, into: &ids, normalized: &normalized, lattice: &lattice)
/// ```
///
/// - SeeAlso: `UnigramTokenizer`, `PairMerging`, `WordPieces`, for how each kind cuts text.
@safe public struct Tokenizer: Sendable {
  /// How text is cut.
  public let kind: TokenizerKind
  /// How many ids there are: an id is less than this.
  public var vocabularySize: Int { tables.vocabularySize }
  /// The most bytes that one id decodes to.
  public var longestText: Int { tables.longestText }
  /// The id of what the vocabulary doesn't have; nil if there is none.
  public var unknownID: UInt32? { tables.unknownID == TokenTables.noID ? nil : tables.unknownID }
  /// Whether the template knows pairs of texts.
  public var encodesPairs: Bool { unsafe template.hasPairs }

  /// Whether the template has a token for the language of a text.
  public var encodesLanguages: Bool { unsafe template.hasLanguage }

  /// How many tokens the template puts around one text.
  public var templateTokens: Int { unsafe max(0, template.count(pair: false) &- 1) }

  let tables: TokenTables
  let options: TokenizerOptions
  let split: WordSplit
  /// For word pieces: the most characters of a word that is cut; a longer one is unknown.
  let longestWord: Int
  /// For Unigram: how text is cut.
  let unigram: UnigramTokenizer?

  // Sendable: the memory is only ever read.
  nonisolated(unsafe) let mergeStarts: UnsafeRawBufferPointer
  nonisolated(unsafe) let merges: UnsafeRawBufferPointer
  nonisolated(unsafe) let classes: CharacterRuns
  nonisolated(unsafe) let compositions: DoubleArray
  nonisolated(unsafe) let combiningClasses: CharacterRuns
  nonisolated(unsafe) let addedTokens: AddedTokens
  nonisolated(unsafe) let addedNormalizedTokens: AddedTokens
  nonisolated(unsafe) let template: Template

  /// Opens a section: checks its header, the place of each table and each text.
  ///
  /// - Parameter section: Starts at a multiple of 8 bytes; may be longer than the section. Has to outlive the view.
  /// - Throws: What is wrong, and where.
  /// - Complexity: O(entries): reads the texts once, not the other tables.
  public init(section: UnsafeRawBufferPointer) throws(TokenizerError) {
    let header = unsafe try SectionHeader(section)
    tables = try TokenTables(header)
    let numbers = header.isGeneral ? header.u32(40) : UInt32(TokenizerKind.unigram.rawValue)
    guard let kind = TokenizerKind(rawValue: UInt8(truncatingIfNeeded: numbers)),
      let split = WordSplit(rawValue: UInt8(truncatingIfNeeded: numbers &>> 8))
    else { throw .valueOutOfRange(value: numbers, at: 40) }
    options = TokenizerOptions(rawValue: UInt16(truncatingIfNeeded: numbers &>> 16))
    guard options.rawValue & ~TokenizerOptions.known == 0 else {
      throw .unknownFlags(options.rawValue & ~TokenizerOptions.known)
    }
    self.kind = kind
    self.split = split
    longestWord = header.isGeneral ? Int(truncatingIfNeeded: header.u32(44) & 0xFFFF) : 0
    unigram = kind == .unigram ? try UnigramTokenizer(header, tables) : nil
    unsafe mergeStarts = unsafe try header.optionalTable(.mergeStarts)
    unsafe merges = unsafe try header.optionalTable(.merges)
    unsafe classes = unsafe CharacterRuns(runs: try header.optionalTable(.characterClasses))
    unsafe compositions = unsafe DoubleArray(try header.optionalTable(.compositions))
    unsafe combiningClasses = unsafe CharacterRuns(runs: try header.optionalTable(.combiningClasses))
    let records = unsafe try header.optionalTable(.addedTokens)
    unsafe addedTokens = unsafe AddedTokens(
      texts: DoubleArray(try header.optionalTable(.addedTexts)), records: records, classes: classes)
    unsafe addedNormalizedTokens = unsafe AddedTokens(
      texts: DoubleArray(try header.optionalTable(.addedNormalizedTexts)), records: records, classes: classes)
    unsafe template = unsafe Template(table: try header.optionalTable(.template))
    let items = unsafe template.table.count / 4 &- 1
    guard items <= 2 &* Self.mostTemplateItems else {
      throw .templateTooLong(items: items, limit: 2 &* Self.mostTemplateItems)
    }
  }

  /// The most items of a template around one text, and around a pair: encoding looks at all of them for each.
  public static var mostTemplateItems: Int { 64 }

  /// How much scratch encoding can need for a text of `textBytes` bytes, or a pair of texts of so many each.
  ///
  /// The worst case; smaller scratch is safe, since a text that doesn't fit is an error that says what it needs.
  ///
  /// - Returns: Bytes for the normalised text, nodes (8 bytes each) to work in; `Int.max` where that overflows.
  public func scratch(forTextBytes textBytes: Int) -> (normalizedBytes: Int, latticeNodes: Int) {
    let bytes = tables.normalizedBytes(forTextBytes: textBytes)
    guard bytes < Int.max / 2 else { return (.max, .max) }
    switch kind {
    case .unigram: return (bytes, bytes &+ 1)
    case .bytePairs: return (bytes &+ 1, PairMerging.nodes(forBytes: bytes &+ 1))
    case .wordPieces, .characters: return (bytes &+ 1, 0)
    }
  }

  /// The text of a token, as the vocabulary has it: `▁` for a space, `<0x0A>` for a byte, `##` before what goes on
  /// with a word. With byte-level pairs it is the token's bytes, which needn't be UTF-8.
  ///
  /// - Returns: Empty if `id` isn't less than ``vocabularySize``.
  /// - Complexity: Steps over 15 texts at most.
  @_lifetime(borrow self)
  public func pieceText(_ id: UInt32) -> Span<UInt8> {
    let span = unsafe Span<UInt8>(_unsafeBytes: tables.text(ofID: id))
    // The section outlives this view, as `init(section:)` asks.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// What a token is for: ``PieceType/normal`` if `id` isn't less than ``vocabularySize``.
  public func pieceType(_ id: UInt32) -> PieceType { tables.type(ofID: id) }

  /// The id of the token whose text is exactly `text`, or nil: for tokens of languages, which have names.
  ///
  /// - Complexity: O(vocabulary): steps over all texts, comparing lengths first.
  public func id(ofPiece text: Span<UInt8>) -> UInt32? {
    unsafe text.withUnsafeBytes { unsafe tables.texts.entry(of: $0, below: vocabularySize) }
  }
}

extension SectionHeader {
  /// The bytes of a table that may be empty, and that the plain Unigram section doesn't have. Its content is checked
  /// where it is used.
  fileprivate func optionalTable(_ table: SectionTable) throws(TokenizerError) -> UnsafeRawBufferPointer {
    guard isGeneral else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    return unsafe try self.table(table, sizes: Self.anySize, unit: 4)
  }
}
