/// Why a `.spm` file can't be used. Offsets are in bytes from the start of the file.
public enum SentencePieceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is no protobuf message.
  case malformed(ProtobufError)
  /// A known field has the wrong kind of value.
  case wrongWireType(field: String, at: Int)
  /// An enumeration or a flag has a value that the format doesn't know.
  case unknownValue(field: String, value: UInt64, at: Int)
  /// The file asks for something that the runtime doesn't do.
  case unsupported(String)
  /// There are more pieces than are read.
  case tooManyPieces(limit: Int)
  /// A piece has no text.
  case emptyPiece(piece: Int, at: Int)
  /// A piece's text is no UTF-8, or has a zero byte.
  case badPieceText(piece: Int, at: Int)
  /// A piece that can be used has a score that is NaN or infinite.
  case badScore(piece: Int, score: Float, at: Int)
  /// Two pieces of the same kind have the same text.
  case duplicatePiece(String, first: Int, second: Int)
  /// There is no piece of type unknown, or there are several.
  case unknownPieces(count: Int)
  /// A byte piece isn't named `<0x00>` … `<0xFF>`, or the file has no byte fallback.
  case badBytePiece(String, piece: Int)
  /// With byte fallback, 256 byte pieces are needed.
  case missingBytePiece(UInt8)
  /// No text would be found in any piece.
  case noPieces
  /// The normaliser's rules are no table of rules.
  case badCharsmap(String)

  /// Says what is wrong and where.
  public var description: String {
    switch self {
    case .malformed(let error): "not a SentencePiece model: \(error)"
    case .wrongWireType(let field, let offset): "field '\(field)' at byte \(offset) has the wrong wire type"
    case .unknownValue(let field, let value, let offset):
      "field '\(field)' at byte \(offset) has the unknown value \(value)"
    case .unsupported(let what): "not supported: \(what)"
    case .tooManyPieces(let limit): "the model has more than \(limit) pieces"
    case .emptyPiece(let piece, let offset): "piece \(piece) at byte \(offset) has no text"
    case .badPieceText(let piece, let offset):
      "the text of piece \(piece) at byte \(offset) is not UTF-8 without zero bytes"
    case .badScore(let piece, let score, let offset):
      "the score of piece \(piece) at byte \(offset) is \(score)"
    case .duplicatePiece(let text, let first, let second):
      "pieces \(first) and \(second) are both '\(text)'"
    case .unknownPieces(let count): "the model has \(count) unknown pieces; it needs 1"
    case .badBytePiece(let text, let piece): "piece \(piece) '\(text)' is no byte piece of this model"
    case .missingBytePiece(let byte): "the model falls back to bytes, but has no piece for byte \(byte)"
    case .noPieces: "the model has no pieces that text could be written in"
    case .badCharsmap(let why): "the normaliser's rules are broken: \(why)"
    }
  }
}
