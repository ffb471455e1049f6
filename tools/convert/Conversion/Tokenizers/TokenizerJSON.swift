import SwiftletSources
import SwiftletTokenizers

/// A `tokenizer.json` as Hugging Face's tokenizers write it.
///
/// What it says about ids is honoured, or refused by name. Ignored is what is no tokenizer's business here:
/// `truncation`, `padding` and offsets (`trim_offsets`).
///
/// - SeeAlso: github.com/huggingface/tokenizers, `tokenizer/serialization.rs` and the types' own `serialization.rs`.
struct TokenizerJSON {
  /// A token of `added_tokens`.
  struct Added {
    let text: String
    let id: Int
    let takesBefore: Bool
    let takesAfter: Bool
    let isNormalized: Bool
    let isSpecial: Bool
    let node: JSONNode
  }

  let root: JSONNode
  let model: JSONNode
  /// The model's vocabulary, by id: holes are where only an added token is.
  private(set) var vocabulary: [(text: String, id: Int)] = []
  private(set) var ids: [TokenText: Int] = [:]
  private(set) var added: [Added] = []
  /// All texts, by id.
  private(set) var texts: [String] = []

  var file: String { root.file }

  /// Ids have to fit the runtime's 20 bits.
  static let idLimit = SectionContents.entryLimit - 1

  /// Reads the vocabulary and the added tokens.
  ///
  /// - Parameter size: How many ids the model has, if it may be more: the rest becomes empty tokens.
  init(_ file: JSONFile, size: Int? = nil) throws(TokenizerSourceError) {
    try self.init(JSONNode(file), size: size)
  }

  /// The same, of a value that was made elsewhere.
  init(_ root: JSONNode, size: Int? = nil) throws(TokenizerSourceError) {
    self.root = root
    model = root["model"]
    try readVocabulary()
    try readAdded()
    try orderTexts(size)
  }

  /// The kind of model: old files don't say it.
  func modelType() throws(TokenizerSourceError) -> String {
    if !model["type"].isNull { return try model.type() }
    if !model["merges"].isNull { return "BPE" }
    return model["unk_id"].isNull ? "WordPiece" : "Unigram"
  }

  private mutating func readVocabulary() throws(TokenizerSourceError) {
    let node = model["vocab"]
    if case .array = node.value {
      for (id, entry) in try node.elements().enumerated() {
        guard let text = try entry.elements().first else { throw entry.malformed("a text and a score") }
        try add(try text.text(), id)
      }
    } else {
      for member in try node.members() {
        guard let id = member.value.wholeNumber, id >= 0, id < Self.idLimit else {
          throw .idOutOfRange(
            file: file, token: member.key, id: member.value.wholeNumber ?? -1, limit: Self.idLimit - 1)
        }
        try add(member.key, id)
      }
    }
    guard !vocabulary.isEmpty else { throw node.malformed("at least one token") }
  }

  private mutating func add(_ text: String, _ id: Int) throws(TokenizerSourceError) {
    vocabulary.append((text, id))
    if let first = ids.updateValue(id, forKey: TokenText(text)) {
      throw .malformed(
        file: file, at: "model.vocab", expected: "texts that differ",
        found: "'\(text)' with ids \(first) and \(id)")
    }
  }

  private mutating func readAdded() throws(TokenizerSourceError) {
    let node = root["added_tokens"]
    guard !node.isNull else { return }
    for entry in try node.elements() {
      let text = try entry["content"].text()
      let id = try entry["id"].index()
      guard id < Self.idLimit else {
        throw .idOutOfRange(file: file, token: text, id: id, limit: Self.idLimit - 1)
      }
      guard try !entry["single_word"].flag(missing: false) else {
        throw entry["single_word"].unsupported("a token that is only found between words ('\(text)')")
      }
      guard !text.isEmpty, !text.utf8.contains(0) else {
        throw entry["content"].unsupported("an empty text or one with U+0000")
      }
      added.append(
        Added(
          text: text, id: id, takesBefore: try entry["lstrip"].flag(missing: false),
          takesAfter: try entry["rstrip"].flag(missing: false),
          isNormalized: try entry["normalized"].flag(missing: true),
          isSpecial: try entry["special"].flag(missing: false), node: entry))
    }
  }

  private mutating func orderTexts(_ size: Int?) throws(TokenizerSourceError) {
    let highest = max(vocabulary.map(\.id).max() ?? 0, added.map(\.id).max() ?? 0)
    var byID = [String?](repeating: nil, count: highest + 1)
    for (text, id) in vocabulary {
      if let first = byID[id] { throw .duplicate(file: file, id: id, tokens: [first, text]) }
      byID[id] = text
    }
    var seen: [TokenText: Int] = [:]
    for token in added {
      if let first = byID[token.id], TokenText(first) != TokenText(token.text) {
        throw .duplicate(file: file, id: token.id, tokens: [first, token.text])
      }
      let other = ids[TokenText(token.text)] ?? seen[TokenText(token.text)]
      if let other, other != token.id {
        throw token.node.malformed("'\(token.text)' with the vocabulary's id \(other)")
      }
      seen[TokenText(token.text)] = token.id
      byID[token.id] = token.text
    }
    if let hole = byID.firstIndex(of: nil) { throw .hole(file: file, id: hole, highest: highest) }
    texts = byID.map { $0! }  // no hole
    if let size, size > texts.count {
      guard size < Self.idLimit else {
        throw .idOutOfRange(file: file, token: "", id: size - 1, limit: Self.idLimit - 1)
      }
      texts += [String](repeating: "", count: size - texts.count)
    }
  }

  /// The id of a token by its text, added or not.
  func id(of text: String) -> Int? {
    ids[TokenText(text)] ?? added.first { TokenText($0.text) == TokenText(text) }?.id
  }

  /// What each token is when it is decoded: special ones vanish, as with `skip_special_tokens`.
  func types() -> [PieceType] {
    var types = texts.map { $0.isEmpty ? PieceType.control : .normal }
    for token in added { types[token.id] = token.isSpecial ? .control : .userDefined }
    return types
  }

  /// The section, whatever the model is.
  func section() throws(TokenizerSourceError) -> TokenizerSection {
    var section: TokenizerSection
    switch try modelType() {
    case "BPE": section = try pairs()
    case "WordPiece": section = try wordPieces()
    case "Unigram": section = try unigram()
    case let other: throw model["type"].unsupported("a model of type \(other)")
    }
    section.added = added.map {
      TokenizerSection.AddedToken(
        text: Array($0.text.utf8), id: $0.id, takesBefore: $0.takesBefore, takesAfter: $0.takesAfter,
        isNormalized: $0.isNormalized)
    }
    try normalizeAdded(&section)
    try addTemplate(to: &section)
    return section
  }
}

/// Calls `make`, and says of which file its error is.
func inSection<Value>(
  of file: String, _ make: () throws(UnigramSectionError) -> Value
) throws(TokenizerSourceError) -> Value {
  do throws(UnigramSectionError) { return try make() } catch { throw .section(file: file, error) }
}
