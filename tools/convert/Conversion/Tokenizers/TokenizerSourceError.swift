import SwiftletSources

/// Why a tokenizer's files can't be used.
public enum TokenizerSourceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A file can't be read, or is no JSON.
  case source(SourceError)
  /// A directory has no file that a tokenizer could be made of.
  case notFound(directory: String, looked: String)
  /// A part of a file isn't what its format says: where, what was expected, and what there is.
  case malformed(file: String, at: String, expected: String, found: String)
  /// A file asks for something that would make other tokens than the runtime's: where, and what.
  case unsupported(file: String, at: String, String)
  /// A merge names a token that the vocabulary doesn't have.
  case unknownToken(file: String, merge: Int, token: String)
  /// Two tokens have one id, or one text has two.
  case duplicate(file: String, id: Int, tokens: [String])
  /// No token has an id below the highest one.
  case hole(file: String, id: Int, highest: Int)
  /// An id is out of range.
  case idOutOfRange(file: String, token: String, id: Int, limit: Int)
  /// A SentencePiece model can't be used.
  case pieces(file: String, SentencePieceError)
  /// A vocabulary can't be used.
  case vocabulary(file: String, VocabularyError)
  /// The runtime's section can't hold it.
  case section(file: String, UnigramSectionError)
  /// A llama2.c tokenizer can't be used.
  case llama2(file: String, Llama2VocabularyError)

  /// One line: the file, the place and what is wrong.
  public var description: String {
    switch self {
    case .source(let error): error.description
    case .notFound(let directory, let looked):
      "\(directory): no tokenizer: there is none of \(looked)".oneLine
    case .malformed(let file, let place, let expected, let found):
      "\(file): \(place) is \(found), expected \(expected)".oneLine
    case .unsupported(let file, let place, let what): "\(file): \(place): \(what) is not supported".oneLine
    case .unknownToken(let file, let merge, let token):
      "\(file): merge \(merge) names '\(token)', which is no token".oneLine
    case .duplicate(let file, let id, let tokens):
      "\(file): id \(id) is that of \(tokens.map { "'\($0)'" }.joined(separator: " and "))".oneLine
    case .hole(let file, let id, let highest):
      "\(file): no token has id \(id), though ids go up to \(highest)".oneLine
    case .idOutOfRange(let file, let token, let id, let limit):
      "\(file): token '\(token)' has id \(id); ids are 0 to \(limit)".oneLine
    case .pieces(let file, let error): "\(file): \(error)".oneLine
    case .vocabulary(let file, let error): "\(file): \(error)".oneLine
    case .section(let file, let error): "\(file): \(error)".oneLine
    case .llama2(let file, let error): "\(file): \(error)".oneLine
    }
  }
}
