import SwiftletSources
import SwiftletTokenizers

extension TokenizerSection {
  /// A SentencePiece model, whose ids are its own.
  ///
  /// - Throws: What the runtime doesn't do: unused pieces among byte pairs, which would have to be cut again.
  init(_ model: SentencePieceModel) throws(UnigramSectionError) {
    var builder = UnigramSectionBuilder(model: model, unknownID: model.unknownPiece)
    builder.entries = model.pieces.map { .init(text: $0.text, type: PieceType(rawValue: $0.kind.rawValue)!) }
    builder.vocabularySize = model.pieces.count
    builder.unknownSurface = model.unknownSurface
    builder.places = Array(model.pieces.indices)
    contents = try builder.contents()
    guard model.modelType == .bytePairs else { return }
    if let unused = model.pieces.firstIndex(where: { $0.kind == .unused }) {
      throw .badPieces("piece \(unused) '\(model.pieces[unused].text)' is unused, and its model is bpe")
    }
    contents.kind = .bytePairs
    options = .fusesUnknown
    contents[.scores] = littleEndian(Self.orders(model.pieces))
  }

  /// In what order pairs are merged to each piece: the highest score first, equal scores at the same time.
  private static func orders(_ pieces: [SentencePieceModel.Piece]) -> [UInt32] {
    let isCut = pieces.map { $0.kind == .normal || $0.kind == .userDefined }
    let scores = Set(zip(pieces, isCut).filter(\.1).map { $0.0.score }).sorted(by: >)
    let orders = Dictionary(uniqueKeysWithValues: zip(scores, scores.indices))
    return zip(pieces, isCut).map { piece, isCut in
      isCut ? UInt32(orders[piece.score] ?? 0) : UInt32.max
    }
  }
}

/// Builds the tokenizer section of a SentencePiece model of either type whose ids are the model's own.
///
/// - Parameters:
///   - before: Ids that stand before each text: Llama's `<s>`.
///   - after: Ids that stand behind it.
public func sentencePieceSection(
  _ model: SentencePieceModel, before: [Int] = [], after: [Int] = []
) throws(UnigramSectionError) -> [UInt8] {
  var section = try TokenizerSection(model)
  section.surround(before: before, after: after)
  return try section.section()
}

extension TokenizerSection {
  /// Puts tokens around each text, if any.
  mutating func surround(before: [Int], after: [Int]) {
    guard !before.isEmpty || !after.isEmpty else { return }
    single =
      before.map { .token($0, segment: 0) } + [.first(segment: 0)] + after.map { .token($0, segment: 0) }
  }
}
