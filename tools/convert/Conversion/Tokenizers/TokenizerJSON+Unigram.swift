import SwiftletSources
import SwiftletTokenizers

extension TokenizerJSON {
  /// Unigram: T5, XLM-R, mBART.
  func unigram() throws(TokenizerSourceError) -> TokenizerSection {
    var section = TokenizerSection()
    var flags: UnigramSectionBuilder.Flags = []
    var normalizer = SentencePieceModel.Normalizer()
    normalizer.addDummyPrefix = false
    normalizer.removeExtraWhitespaces = false
    let steps = try unigramText(&normalizer)
    guard case .metaspace(let scheme, let splits) = steps.last,
      steps.count == 1 || (steps.count == 2 && steps[0] == .whitespace)
    else { throw refused("pre_tokenizer", for: "Unigram") }
    if steps.count == 2 { normalizer.removeExtraWhitespaces = true }
    try setPrefix(scheme, &flags, &section)
    normalizer.addDummyPrefix = flags.contains(.addDummyPrefix)
    if normalizer.removeExtraWhitespaces { section.options.remove(.prefixesUnlessPresent) }
    try setSpaceDecoder(&section)

    let unknown = try model["unk_id"].index()
    guard unknown < vocabulary.count else {
      throw .idOutOfRange(file: file, token: "unk_id", id: unknown, limit: vocabulary.count - 1)
    }
    var types = types()
    let fallsBack = try model["byte_fallback"].flag(missing: false)
    if fallsBack { _ = try byteTokens(&types) }
    let pieces = try unigramPieces(unknown, types, splits: splits)
    let model: SentencePieceModel
    do throws(SentencePieceError) {
      model = try SentencePieceModel(pieces: pieces, normalizer: normalizer, byteFallback: fallsBack)
    } catch { throw .pieces(file: file, error) }
    var builder = UnigramSectionBuilder(model: model, unknownID: unknown)
    builder.entries = zip(texts, types).map { .init(text: TokenText($0), type: $1) }
    builder.vocabularySize = texts.count
    builder.places = Array(pieces.indices)
    section.contents = try inSection(of: file, builder.contents)
    return section
  }

  /// Takes the normaliser's steps; returns the pre-tokeniser's.
  private func unigramText(
    _ normalizer: inout SentencePieceModel.Normalizer
  ) throws(TokenizerSourceError) -> [PreTokenizerStep] {
    var steps = try normalizerSteps()
    if case .charsmap(let charsmap) = steps.first {
      normalizer.precompiledCharsmap = charsmap
      steps.removeFirst()
    }
    switch steps {
    case []: break
    case [.strip(left: false, right: true), .replacePattern(" {2,}", "▁")]:
      normalizer.removeExtraWhitespaces = true
    default: throw refused("normalizer", for: "Unigram")
    }
    return try preTokenizerSteps()
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
