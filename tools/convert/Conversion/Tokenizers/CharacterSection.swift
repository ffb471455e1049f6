import SwiftletSources
import SwiftletTokenizers

/// Builds the tokenizer section of a model whose tokens are characters: each Unicode scalar of a text becomes the
/// token of that text, or the unknown one.
///
/// - Parameters:
///   - texts: The tokens' texts, by id.
///   - controlIDs: The ids that decode to nothing and that no text has: padding, `<s>`, `</s>`.
///   - unknownID: The id of other characters, which decodes to nothing; nil leaves them out.
///   - before: Ids that stand before each text.
///   - after: Ids that stand behind it.
/// - Throws: `UnigramSectionError` with the ids, if two tokens that aren't control tokens have the same text.
public func characterSection(
  texts: [String], controlIDs: Set<Int>, unknownID: Int?, before: [Int] = [], after: [Int] = []
) throws(UnigramSectionError) -> [UInt8] {
  let isSpecial = texts.indices.map { controlIDs.contains($0) || $0 == unknownID || texts[$0].isEmpty }
  for id in Array(controlIDs) + (unknownID.map { [$0] } ?? []) + before + after
  where !texts.indices.contains(id) {
    throw .unknownIDOutOfRange(id, vocabulary: texts.count)
  }
  var section = TokenizerSection()
  section.contents.kind = .characters
  section.contents.vocabularySize = texts.count
  section.contents.unknownID = unknownID
  section.contents.longestText = max(texts.map(\.utf8.count).max() ?? 0, 3)
  try section.contents.setTexts(
    texts.indices.map { (Array(texts[$0].utf8), isSpecial[$0] ? .control : .normal) })
  try section.contents.setPieces(
    texts.indices.filter { !isSpecial[$0] }.map { (Array(texts[$0].utf8), entry: $0, isWhole: false) })
  section.surround(before: before, after: after)
  return try section.section()
}
