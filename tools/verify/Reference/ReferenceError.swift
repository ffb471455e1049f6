/// The reference was asked for something that the model has not.
public enum ReferenceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An id outside of the vocabulary, and its place in the sequence.
  case token(id: Int, index: Int, vocabulary: Int)
  /// More tokens than the model has positions.
  case tooLong(tokens: Int, positions: Int)
  /// A sequence without tokens.
  case empty
  /// Decoding was asked for before a source was given.
  case noSource
  /// Sources were given to a model without an encoder.
  case noEncoder
  /// Targets were asked of a model without a decoder.
  case noDecoder
  /// Kinds of segments that are not one for each token, or not in range.
  case segments(count: Int, tokens: Int, kinds: Int)

  /// One line with the numbers.
  public var description: String {
    switch self {
    case .token(let id, let index, let vocabulary):
      "token \(id) at index \(index) is outside of the vocabulary of \(vocabulary)"
    case .tooLong(let tokens, let positions): "\(tokens) tokens: the model has \(positions) positions"
    case .empty: "a sequence without tokens"
    case .noSource: "decoding needs a source: call encode first"
    case .noEncoder: "the model has no encoder"
    case .noDecoder: "the model has no decoder"
    case .segments(let count, let tokens, let kinds):
      "\(count) kinds of segments for \(tokens) tokens: one of \(kinds) kinds is needed for each"
    }
  }
}
