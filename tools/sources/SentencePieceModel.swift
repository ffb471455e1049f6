/// A SentencePiece model, as in a `.spm` or `.model` file: pieces, and how text is normalised before it is cut.
///
/// Source: `sentencepiece_model.proto` of github.com/google/sentencepiece.
public struct SentencePieceModel: Sendable {
  /// A piece of text.
  public struct Piece: Equatable, Sendable {
    /// What a piece is for. The raw values are the file's.
    public enum Kind: UInt8, Sendable {
      /// Text with a score; the unknown piece; `</s>` and the like; text that is always one token; text that isn't
      /// used any more; one byte of an unknown character.
      case normal = 1, unknown, control, userDefined, unused, byte
    }
    /// The text.
    public var text: TokenText
    /// The log-probability.
    public var score: Float
    /// What it is for.
    public var kind: Kind

    /// A piece.
    public init(text: TokenText, score: Float, kind: Kind = .normal) {
      self.text = text
      self.score = score
      self.kind = kind
    }
  }

  /// How text is cut. The raw values are the file's.
  public enum ModelType: UInt64, Sendable {
    /// The most probable pieces.
    case unigram = 1
    /// Byte-pair encoding: neighbours are merged in the order of the scores.
    case bytePairs = 2
  }

  /// How text is normalised.
  public struct Normalizer: Equatable, Sendable {
    /// The name of the rules: `nmt_nfkc`, `identity` …
    public var name = ""
    /// The rules, precompiled: a double array and the replacements. Empty: no rules.
    public var precompiledCharsmap: [UInt8] = []
    /// Whether normalised text starts with a space.
    public var addDummyPrefix = true
    /// Whether leading, trailing and repeated spaces are dropped.
    public var removeExtraWhitespaces = true
    /// Whether a space becomes `▁`.
    public var escapeWhitespaces = true

    /// The format's defaults.
    public init() {}
  }

  /// How text is cut.
  public private(set) var modelType = ModelType.unigram
  /// The pieces: the place is the id in this file.
  public var pieces: [Piece] = []
  /// How text is normalised.
  public var normalizer = Normalizer()
  /// Whether an unknown character becomes one token a byte.
  public var byteFallback = false
  /// Whether spaces belong to the word before them.
  public var treatWhitespaceAsSuffix = false
  /// What the unknown piece decodes to.
  public var unknownSurface: [UInt8] = Array(" \u{2047} ".utf8)

  /// The texts that the format keeps apart from ordinary pieces (unknown, control, byte), with their places.
  public private(set) var reserved: [TokenText: Int] = [:]
  /// The places of the ordinary pieces (normal, user-defined, unused).
  public private(set) var ordinary: [TokenText: Int] = [:]

  /// Checks pieces that weren't read from a file.
  public init(
    pieces: [Piece], normalizer: Normalizer = Normalizer(), byteFallback: Bool = false,
    treatWhitespaceAsSuffix: Bool = false, modelType: ModelType = .unigram
  ) throws(SentencePieceError) {
    self.pieces = pieces
    self.modelType = modelType
    self.normalizer = normalizer
    self.byteFallback = byteFallback
    self.treatWhitespaceAsSuffix = treatWhitespaceAsSuffix
    try validate(offsets: [])
  }

  /// Reads and checks a file's bytes.
  ///
  /// - Parameter types: The types of model that are wanted.
  public init(_ bytes: [UInt8], types: Set<ModelType> = [.unigram]) throws(SentencePieceError) {
    var offsets: [Int] = []
    var modelType: UInt64 = 1
    var denormalizer = Normalizer()
    try forEachField(bytes, bytes.indices) { field throws(SentencePieceError) in
      switch field.number {
      case 1:
        guard pieces.count < SourceLimits.tokens else { throw .tooManyPieces(limit: SourceLimits.tokens) }
        offsets.append(field.offset)
        pieces.append(try Self.piece(bytes, try field.range("pieces"), index: pieces.count, at: field.offset))
      case 2: try readTrainer(bytes, try field.range("trainer_spec"), modelType: &modelType)
      case 3: try Self.read(&normalizer, bytes, try field.range("normalizer_spec"))
      case 5: try Self.read(&denormalizer, bytes, try field.range("denormalizer_spec"))
      default: break
      }
    }
    guard let modelType = ModelType(rawValue: modelType), types.contains(modelType) else {
      let names = ["unigram", "bpe", "word", "char"]
      let name = modelType <= 4 && modelType > 0 ? names[Int(modelType) - 1] : "\(modelType)"
      throw .unsupported("model_type \(name): only \(Self.names(types)) is")
    }
    self.modelType = modelType
    guard denormalizer.precompiledCharsmap.isEmpty else {
      throw .unsupported("denormalizer_spec '\(denormalizer.name)': rules for decoded text")
    }
    try validate(offsets: offsets)
  }

  private static func names(_ types: Set<ModelType>) -> String {
    types.contains(.bytePairs) ? "unigram or bpe" : "unigram"
  }

  /// The place of the unknown piece.
  public var unknownPiece: Int { pieces.firstIndex { $0.kind == .unknown } ?? 0 }

  /// The piece that a text is when it is decoded: reserved ones come first. Nil if it is none.
  public func piece(of text: TokenText) -> Piece? {
    (reserved[text] ?? ordinary[text]).map { pieces[$0] }
  }

  private static func piece(
    _ bytes: [UInt8], _ range: Range<Int>, index: Int, at offset: Int
  ) throws(SentencePieceError) -> Piece {
    var piece = Piece(text: "", score: 0)
    try forEachField(bytes, range) { field throws(SentencePieceError) in
      switch field.number {
      case 1:
        piece.text = TokenText(bytes: bytes[try field.range("piece")])
      case 2:
        guard case .fixed32(let bits) = field.value else {
          throw .wrongWireType(field: "score", at: field.offset)
        }
        piece.score = Float(bitPattern: bits)
      case 3:
        let value = try field.number("type")
        guard value <= 6, let kind = Piece.Kind(rawValue: UInt8(value)) else {
          throw .unknownValue(field: "type", value: value, at: field.offset)
        }
        piece.kind = kind
      default: break
      }
    }
    return piece
  }

  private mutating func readTrainer(
    _ bytes: [UInt8], _ range: Range<Int>, modelType: inout UInt64
  ) throws(SentencePieceError) {
    try forEachField(bytes, range) { field throws(SentencePieceError) in
      switch field.number {
      case 3: modelType = try field.number("model_type")
      case 24: treatWhitespaceAsSuffix = try field.flag("treat_whitespace_as_suffix")
      case 35: byteFallback = try field.flag("byte_fallback")
      case 44:
        // The reference takes it as a C string: up to a zero byte.
        unknownSurface = Array(bytes[try field.range("unk_surface")].prefix { $0 != 0 })
      default: break
      }
    }
  }

  private static func read(
    _ normalizer: inout Normalizer, _ bytes: [UInt8], _ range: Range<Int>
  ) throws(SentencePieceError) {
    try forEachField(bytes, range) { field throws(SentencePieceError) in
      switch field.number {
      case 1: normalizer.name = String(decoding: bytes[try field.range("name")], as: UTF8.self)
      case 2: normalizer.precompiledCharsmap = Array(bytes[try field.range("precompiled_charsmap")])
      case 3: normalizer.addDummyPrefix = try field.flag("add_dummy_prefix")
      case 4: normalizer.removeExtraWhitespaces = try field.flag("remove_extra_whitespaces")
      case 5: normalizer.escapeWhitespaces = try field.flag("escape_whitespaces")
      default: break
      }
    }
  }
}

extension SentencePieceModel {
  /// The value of a byte piece's text, `<0x0A>`, or nil if it is none.
  public static func byte(of text: TokenText) -> UInt8? {
    let bytes = text.bytes
    guard bytes.count == 6, bytes.starts(with: Array("<0x".utf8)), bytes[5] == UInt8(ascii: ">") else {
      return nil
    }
    let digits = Array("0123456789ABCDEF".utf8)
    guard let high = digits.firstIndex(of: bytes[3]), let low = digits.firstIndex(of: bytes[4]) else {
      return nil
    }
    return UInt8(high << 4 | low)
  }

  /// Checks what sentencepiece checks when it opens a model, and that the runtime can hold it.
  private mutating func validate(offsets: [Int]) throws(SentencePieceError) {
    var hasByte = [Bool](repeating: false, count: 256)
    var unknowns = 0
    for (index, piece) in pieces.enumerated() {
      let offset = index < offsets.count ? offsets[index] : 0
      guard !piece.text.bytes.isEmpty else { throw .emptyPiece(piece: index, at: offset) }
      guard !piece.text.bytes.contains(0), String(validating: piece.text.bytes, as: UTF8.self) != nil else {
        throw .badPieceText(piece: index, at: offset)
      }
      switch piece.kind {
      case .normal, .userDefined, .unused:
        guard piece.score.isFinite else { throw .badScore(piece: index, score: piece.score, at: offset) }
        if let first = ordinary.updateValue(index, forKey: piece.text) {
          throw .duplicatePiece(piece.text.description, first: first, second: index)
        }
      case .unknown, .control, .byte:
        if let first = reserved.updateValue(index, forKey: piece.text) {
          throw .duplicatePiece(piece.text.description, first: first, second: index)
        }
      }
      if piece.kind == .unknown { unknowns += 1 }
      if piece.kind == .byte {
        guard byteFallback, let byte = Self.byte(of: piece.text) else {
          throw .badBytePiece(piece.text.description, piece: index)
        }
        hasByte[Int(byte)] = true
      }
    }
    guard unknowns == 1 else { throw .unknownPieces(count: unknowns) }
    guard !ordinary.isEmpty else { throw .noPieces }
    if byteFallback, let missing = hasByte.firstIndex(of: false) { throw .missingBytePiece(UInt8(missing)) }
  }
}

/// Calls `body` with each field of the message in `range`.
private func forEachField(
  _ bytes: [UInt8], _ range: Range<Int>, _ body: (ProtobufReader.Field) throws(SentencePieceError) -> Void
) throws(SentencePieceError) {
  var reader = ProtobufReader(bytes, in: range)
  while true {
    let next: ProtobufReader.Field?
    do {
      next = try reader.next()
    } catch {
      throw .malformed(error)
    }
    guard let field = next else { return }
    try body(field)
  }
}

extension ProtobufReader.Field {
  fileprivate func range(_ name: String) throws(SentencePieceError) -> Range<Int> {
    guard case .bytes(let range) = value else { throw .wrongWireType(field: name, at: offset) }
    return range
  }

  fileprivate func number(_ name: String) throws(SentencePieceError) -> UInt64 {
    guard case .varint(let number) = value else { throw .wrongWireType(field: name, at: offset) }
    return number
  }

  fileprivate func flag(_ name: String) throws(SentencePieceError) -> Bool { try number(name) != 0 }
}
