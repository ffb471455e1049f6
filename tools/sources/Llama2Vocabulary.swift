/// Why a llama2.c tokenizer file can't be used. Offsets are in bytes from the start of the file.
public enum Llama2VocabularyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file ends within token `token`.
  case unexpectedEnd(token: Int, at: Int)
  /// A text has a length below 1 or above the file's own limit.
  case badLength(Int, limit: Int, token: Int, at: Int)
  /// The vocabulary doesn't start with the unknown token, `<s>`, `</s>` and the 256 bytes.
  case notReserved(token: Int, text: String)
  /// The file has other than the model's count of tokens.
  case wrongCount(Int, expected: Int)
  /// The file has more tokens than are read.
  case tooMany(limit: Int)
  /// The pieces are no SentencePiece model.
  case pieces(SentencePieceError)

  /// Says what is wrong and where.
  public var description: String {
    switch self {
    case .unexpectedEnd(let token, let offset): "the file ends within token \(token), at byte \(offset)"
    case .badLength(let length, let limit, let token, let offset):
      "token \(token) at byte \(offset) has \(length) bytes; the file says at most \(limit)"
    case .notReserved(let token, let text): "token \(token) is '\(text)', not llama2.c's reserved one"
    case .wrongCount(let count, let expected): "the file has \(count) tokens, the model \(expected)"
    case .tooMany(let limit): "the file has more than \(limit) tokens"
    case .pieces(let error): error.description
    }
  }
}

extension SentencePieceModel {
  /// Reads llama2.c's `tokenizer.bin`, which was made from a SentencePiece model: byte pairs with byte fallback.
  ///
  /// The file: int32 longest text, then for each token a float32 score, an int32 length and the text, in which `▁` was
  /// replaced by a space. Tokens 0, 1, 2 are unknown, `<s>` and `</s>`, 3 … 258 the bytes.
  ///
  /// - Parameter count: How many tokens the model has; nil takes all that the file has.
  public init(llama2 bytes: [UInt8], count: Int? = nil) throws(Llama2VocabularyError) {
    func number(_ at: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }
    guard bytes.count >= 4 else { throw .unexpectedEnd(token: 0, at: bytes.count) }
    let limit = Int(Int32(bitPattern: number(0)))
    var pieces: [Piece] = []
    var at = 4
    while at < bytes.count {
      guard pieces.count < SourceLimits.tokens else { throw .tooMany(limit: SourceLimits.tokens) }
      guard at + 8 <= bytes.count else { throw .unexpectedEnd(token: pieces.count, at: at) }
      let length = Int(Int32(bitPattern: number(at + 4)))
      guard length > 0, length <= limit || pieces.count < 259 else {
        throw .badLength(length, limit: limit, token: pieces.count, at: at)
      }
      guard length <= bytes.count - at - 8 else { throw .unexpectedEnd(token: pieces.count, at: at) }
      let text = bytes[(at + 8)..<(at + 8 + length)].flatMap { $0 == 0x20 ? [0xE2, 0x96, 0x81] : [$0] }
      pieces.append(Piece(text: TokenText(bytes: text), score: Float(bitPattern: number(at))))
      at += 8 + length
    }
    if let count, count != pieces.count { throw .wrongCount(pieces.count, expected: count) }
    try Self.reserve(&pieces)
    var normalizer = Normalizer()
    normalizer.removeExtraWhitespaces = false
    do throws(SentencePieceError) {
      try self.init(pieces: pieces, normalizer: normalizer, byteFallback: true, modelType: .bytePairs)
    } catch { throw .pieces(error) }
  }

  /// Gives the first 259 pieces their kinds. llama2.c's exporter puts line feeds around `<s>` and `</s>`.
  private static func reserve(_ pieces: inout [Piece]) throws(Llama2VocabularyError) {
    guard pieces.count > 259 else { throw .wrongCount(pieces.count, expected: 260) }
    let names: [TokenText] = ["<unk>", "<s>", "</s>"]
    for (id, name) in names.enumerated() {
      guard pieces[id].text.bytes.filter({ $0 != 0x0A }) == name.bytes else {
        throw .notReserved(token: id, text: pieces[id].text.description)
      }
      pieces[id] = Piece(text: name, score: 0, kind: id == 0 ? .unknown : .control)
    }
    for byte in 0...255 {
      guard Self.byte(of: pieces[3 + byte].text) == UInt8(byte) else {
        throw .notReserved(token: 3 + byte, text: pieces[3 + byte].text.description)
      }
      pieces[3 + byte].kind = .byte
    }
  }
}
