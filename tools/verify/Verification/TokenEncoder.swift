import SwiftletTokenizers

/// Makes tokens of texts, with memory of its own for each.
struct TokenEncoder {
  /// The most tokens of a text.
  let longest: Int

  /// The tokens of a text, with those of the tokenizer's template or without.
  func encode(
    _ text: String, _ tokenizer: Tokenizer, usesTemplate: Bool = true
  ) throws(TokenizerError) -> [Int] {
    let bytes = Array(text.utf8)
    let need = tokenizer.scratch(forTextBytes: bytes.count)
    var ids = [UInt32](repeating: 0, count: max(0, longest))
    var normalized = [UInt8](repeating: 0, count: need.normalizedBytes)
    var lattice = [LatticeNode](repeating: LatticeNode(), count: need.latticeNodes)
    var idSpan = ids.mutableSpan
    var normalizedSpan = normalized.mutableSpan
    var latticeSpan = lattice.mutableSpan
    let count = try tokenizer.encode(
      bytes.span, usesTemplate: usesTemplate, into: &idSpan, normalized: &normalizedSpan,
      lattice: &latticeSpan)
    return ids[..<count].map { Int($0) }
  }
}

extension Tokenizer {
  /// The text of tokens; what can't be decoded is left out.
  func text(_ ids: [Int]) -> String {
    let ids = ids.map { UInt32($0) }
    var bytes = [UInt8](repeating: 0, count: decodedBytes(forIDs: ids.count))
    var span = bytes.mutableSpan
    let count = (try? decode(ids.span, into: &span)) ?? 0
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// The text of one token, as the vocabulary has it.
  func piece(_ id: Int) -> String {
    let text = pieceText(UInt32(id))
    return String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
  }
}
