/// What a piece is for. The raw values are those of the `.spm` file's `SentencePiece.Type`.
public enum PieceType: UInt8, Sendable {
  /// Text with a score.
  case normal = 1
  /// Stands for what no piece covers; decodes to the unknown surface.
  case unknown = 2
  /// Steers the model (`</s>`); decodes to nothing, and no text encodes to it.
  case control = 3
  /// Text that is always one token, whatever it costs, and is not normalised.
  case userDefined = 4
  /// Not used when encoding; decodes as text.
  case unused = 5
  /// One byte of a character that no piece covers.
  case byte = 6
  /// Text that stands right behind what comes before it, where other tokens have a space between them.
  case joined = 7
}
