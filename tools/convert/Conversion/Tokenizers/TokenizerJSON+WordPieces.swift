import SwiftletSources
import SwiftletTokenizers

extension TokenizerJSON {
  /// BERT's word pieces.
  func wordPieces() throws(TokenizerSourceError) -> TokenizerSection {
    guard try preTokenizerSteps() == [.bert] else { throw refused("pre_tokenizer", for: "WordPiece") }
    let steps = try normalizerSteps()
    guard steps.count == 1, case .bert(let cleans, let isolates, let strips, let lowercases) = steps[0] else {
      throw refused("normalizer", for: "WordPiece")
    }
    let prefix =
      model["continuing_subword_prefix"].isNull ? "##" : try model["continuing_subword_prefix"].text()
    try checkDecoder { (decoders: [(String, JSONNode)]) throws(TokenizerSourceError) -> Bool in
      guard decoders.map(\.0) == ["WordPiece"] else { return false }
      let cleansUp = try decoders[0].1["cleanup"].flag(missing: true)
      return cleansUp && decoders[0].1["prefix"].value == .string(prefix)
    }
    let unknown = model["unk_token"]
    guard let unknownID = id(of: try unknown.text()) else {
      throw unknown.malformed("a token of the vocabulary")
    }
    let longest =
      model["max_input_chars_per_word"].isNull ? 100 : try model["max_input_chars_per_word"].index()
    let text = WordPieceText(
      isolatesIdeographs: isolates, stripsAccents: strips, lowercases: lowercases)
    guard cleans else { throw root["normalizer"].unsupported("a normaliser that keeps control characters") }
    // The reference decodes such a token to what it looks for.
    var texts = texts
    if lowercases {
      for token in added where token.isNormalized { texts[token.id] = token.text.lowercased() }
    }
    return try inSection(of: file) { () throws(UnigramSectionError) in
      try TokenizerSection(
        wordPieces: texts, types: types(), inModel: vocabulary.map(\.id), unknownID: unknownID,
        prefix: prefix,
        longestWord: min(longest, 0xFFFF), text)
    }
  }
}

/// How BERT's normaliser brings text into shape, beyond leaving out control characters.
struct WordPieceText: Hashable {
  var isolatesIdeographs = true
  var stripsAccents = true
  var lowercases = true
}

extension TokenizerSection {
  /// Word pieces.
  ///
  /// - Parameters:
  ///   - texts: By id.
  ///   - types: By id: control tokens vanish when they are decoded.
  ///   - inModel: The ids of the pieces that words are cut into.
  init(
    wordPieces texts: [String], types: [PieceType], inModel: [Int], unknownID: Int, prefix: String,
    longestWord: Int, _ text: WordPieceText
  ) throws(UnigramSectionError) {
    contents.kind = .wordPieces
    contents.vocabularySize = texts.count
    contents.unknownID = unknownID
    contents.longestWord = longestWord
    contents.longestText = (texts.map(\.utf8.count).max() ?? 0) + 3
    contents[.unknownSurface] = Array(prefix.utf8)
    try contents.setTexts(
      zip(texts, types).map { text, type in
        let joins = type != .control && (text.utf8.starts(with: prefix.utf8) || Self.standsBehind(text))
        return (Array(text.utf8), joins ? .joined : type)
      })
    try contents.setPieces(
      inModel.filter { !texts[$0].isEmpty && !texts[$0].utf8.contains(0) }.map {
        (Array(texts[$0].utf8), entry: $0, isWhole: false)
      })
    try UnicodeTables.addWordPieceText(text, to: &contents)
    if text.stripsAccents { options.insert(.decomposesHangul) }
  }

  /// What the reference's clean-up puts right behind the word before: it removes the space in front of these.
  private static func standsBehind(_ text: String) -> Bool {
    [".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re"].contains { text.utf8.starts(with: $0.utf8) }
  }
}
