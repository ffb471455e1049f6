import SwiftletSources
import SwiftletTokenizers

extension TokenizerJSON {
  /// Unigram: T5, XLM-R, mBART.
  func unigram() throws(TokenizerSourceError) -> TokenizerSection {
    var section = TokenizerSection()
    let text = try spaceText()
    section.options = text.options
    try setSpaceDecoder(&section)

    let unknown = try model["unk_id"].index()
    guard unknown < vocabulary.count else {
      throw .idOutOfRange(file: file, token: "unk_id", id: unknown, limit: vocabulary.count - 1)
    }
    var types = types()
    let fallsBack = try model["byte_fallback"].flag(missing: false)
    if fallsBack { _ = try byteTokens(&types) }
    let pieces = try unigramPieces(unknown, types, splits: text.splits)
    let model: SentencePieceModel
    do throws(SentencePieceError) {
      model = try SentencePieceModel(pieces: pieces, normalizer: text.normalizer, byteFallback: fallsBack)
    } catch { throw .pieces(file: file, error) }
    var builder = UnigramSectionBuilder(model: model, unknownID: unknown)
    builder.entries = zip(texts, types).map { .init(text: TokenText($0), type: $1) }
    builder.vocabularySize = texts.count
    builder.places = Array(pieces.indices)
    section.contents = try inSection(of: file, builder.contents)
    return section
  }

  private func unigramPieces(
    _ unknown: Int, _ types: [PieceType], splits: Bool
  ) throws(TokenizerSourceError) -> [SentencePieceModel.Piece] {
    var pieces: [SentencePieceModel.Piece] = []
    for (id, node) in try model["vocab"].elements().enumerated() {
      let parts = try node.elements()
      guard parts.count == 2, let score = parts[1].number else { throw node.malformed("a text and a score") }
      let text = try parts[0].text()
      // A piece that goes over the start of a word is never used where words are cut first.
      let isCut = splits && text.unicodeScalars.dropFirst().contains("▁")
      var kind = SentencePieceModel.Piece.Kind.normal
      if types[id] == .byte { kind = .byte }
      if types[id] == .control { kind = .control }
      if isCut && kind == .normal { kind = .unused }
      if id == unknown { kind = .unknown }
      pieces.append(.init(text: TokenText(text), score: Float(score), kind: kind))
    }
    return pieces
  }
}

extension JSONNode {
  /// The value as a number.
  fileprivate var number: Double? {
    switch value {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
