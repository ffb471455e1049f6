/// A vocabulary: token texts by id, and ids by text. Texts are told apart by bytes (see ``TokenText``).
public struct Vocabulary: Sendable, Equatable {
  /// The texts: the place is the id.
  public let texts: [TokenText]
  /// The ids.
  public let ids: [TokenText: Int]

  /// A vocabulary of `texts`, in the order of their ids.
  public init(texts: [TokenText]) throws(VocabularyError) {
    var ids: [TokenText: Int] = [:]
    for (id, text) in texts.enumerated() {
      if let first = ids.updateValue(id, forKey: text) {
        throw .duplicateToken(text.description, ids: [first, id], at: nil)
      }
    }
    self.texts = texts
    self.ids = ids
  }

  /// Reads `vocab.json`: one JSON object of token texts and their ids.
  ///
  /// Strict: UTF-8, whole numbers, no text and no id twice, and no id left out.
  public init(json: [UInt8]) throws(VocabularyError) {
    var reader = VocabularyReader(bytes: json)
    let entries = try reader.entries()
    var ids: [TokenText: Int] = [:]
    var texts = [TokenText?](repeating: nil, count: entries.count)
    for entry in entries {
      if let first = ids.updateValue(entry.id, forKey: entry.text) {
        throw .duplicateToken(entry.text.description, ids: [first, entry.id], at: entry.offset)
      }
    }
    let highest = entries.map(\.id).max() ?? -1
    for entry in entries where entry.id < texts.count {
      if let other = texts[entry.id] {
        throw .duplicateID(entry.id, tokens: [other.description, entry.text.description], at: entry.offset)
      }
      texts[entry.id] = entry.text
    }
    if let hole = texts.firstIndex(of: nil) { throw .missingID(hole, highest: highest) }
    self.texts = texts.compactMap { $0 }
    self.ids = ids
  }

  /// How many tokens.
  public var count: Int { texts.count }

  /// The id of a text, or nil.
  public subscript(text: TokenText) -> Int? { ids[text] }
}

/// Why a `vocab.json` can't be used. Offsets are in bytes from the start of the file.
public enum VocabularyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file isn't JSON, or not one object of texts and whole numbers: what was expected.
  case malformed(expected: String, at: Int)
  /// A backslash is followed by something that JSON doesn't know, or by half a surrogate pair.
  case badEscape(at: Int)
  /// The text isn't UTF-8.
  case notUTF8(at: Int)
  /// An id is below 0.
  case negativeID(at: Int)
  /// An id is 2³¹ or more.
  case idTooLarge(at: Int)
  /// Two entries have the same text.
  case duplicateToken(String, ids: [Int], at: Int?)
  /// Two entries have the same id.
  case duplicateID(Int, tokens: [String], at: Int)
  /// There are more tokens than are read.
  case tooManyTokens(limit: Int)
  /// No entry has this id.
  case missingID(Int, highest: Int)

  /// Says what is wrong and where.
  public var description: String {
    switch self {
    case .malformed(let expected, let offset): "expected \(expected) at byte \(offset) of the vocabulary"
    case .badEscape(let offset): "bad escape at byte \(offset) of the vocabulary"
    case .notUTF8(let offset): "the vocabulary's text at byte \(offset) is not UTF-8"
    case .negativeID(let offset): "negative id at byte \(offset) of the vocabulary"
    case .idTooLarge(let offset): "the id at byte \(offset) of the vocabulary is too large"
    case .duplicateToken(let text, let ids, let offset):
      "token '\(text)' is in the vocabulary twice, with ids \(ids)" + (offset.map { ", at byte \($0)" } ?? "")
    case .duplicateID(let id, let tokens, let offset):
      "id \(id) is in the vocabulary twice, for \(tokens), at byte \(offset)"
    case .tooManyTokens(let limit): "the vocabulary has more than \(limit) tokens"
    case .missingID(let id, let highest): "no token has id \(id), though ids go up to \(highest)"
    }
  }
}
