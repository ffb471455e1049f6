import SwiftletTokenizers

/// A tokenizer with memory of just the size that it asks for.
struct TokenizerHarness {
  let tokenizer: Tokenizer
  /// More bytes and nodes than this are not lent: broken tables may ask for any number.
  private static let most = 1 << 22

  /// The section has to outlive this.
  init(_ section: UnsafeRawBufferPointer) throws(TokenizerError) {
    tokenizer = unsafe try Tokenizer(section: section)
  }

  /// The tokens of a text; nil for an error.
  func encode(
    _ text: [UInt8], usesTemplate: Bool = true, room: Int? = nil
  ) throws(BrokenPromise) -> [UInt32]? {
    let need = tokenizer.scratch(forTextBytes: text.count)
    guard need.normalizedBytes <= Self.most, need.latticeNodes <= Self.most else { return nil }
    var normalized = [UInt8](repeating: 0xAA, count: need.normalizedBytes)
    var lattice = [LatticeNode](repeating: LatticeNode(), count: need.latticeNodes)
    let most = room ?? 4 * text.count + 64
    var ids = [UInt32](repeating: .max, count: most)
    var idSpan = ids.mutableSpan
    var bytes = normalized.mutableSpan
    var nodes = lattice.mutableSpan
    let made = try? tokenizer.encode(
      text.span, usesTemplate: usesTemplate, truncates: room != nil, into: &idSpan, normalized: &bytes,
      lattice: &nodes)
    guard let made else { return nil }
    try expect(made <= most, "\(made) tokens in room for \(most)")
    try expect(ids[..<made].allSatisfy(isToken), "tokens outside of the vocabulary: \(ids[..<made])")
    return Array(ids[..<made])
  }

  /// The tokens of two texts; nil for an error.
  func encodePair(_ first: [UInt8], _ second: [UInt8]) throws(BrokenPromise) -> [UInt32]? {
    let need = tokenizer.scratch(forTextBytes: max(first.count, second.count))
    guard need.normalizedBytes <= Self.most, need.latticeNodes <= Self.most else { return nil }
    var normalized = [UInt8](repeating: 0xAA, count: need.normalizedBytes)
    var lattice = [LatticeNode](repeating: LatticeNode(), count: need.latticeNodes)
    var ids = [UInt32](repeating: .max, count: 4 * (first.count + second.count) + 64)
    var segments = [UInt8](repeating: 9, count: ids.count)
    var idSpan = ids.mutableSpan
    var segmentSpan = segments.mutableSpan
    var bytes = normalized.mutableSpan
    var nodes = lattice.mutableSpan
    let made = try? tokenizer.encodePair(
      first.span, second.span, into: &idSpan, segments: &segmentSpan, normalized: &bytes, lattice: &nodes)
    guard let made else { return nil }
    try expect(ids[..<made].allSatisfy(isToken), "tokens outside of the vocabulary: \(ids[..<made])")
    return Array(ids[..<made])
  }

  /// The text of tokens, at once; nil for an error.
  func decode(_ ids: [UInt32]) -> [UInt8]? {
    let size = tokenizer.decodedBytes(forIDs: ids.count)
    guard size <= Self.most else { return nil }
    var bytes = [UInt8](repeating: 0xAA, count: size)
    var span = bytes.mutableSpan
    guard let count = try? tokenizer.decode(ids.span, into: &span) else { return nil }
    return Array(bytes[..<count])
  }

  /// The text of tokens, one after the other, in parts; nil for an error.
  func stream(_ ids: [UInt32]) -> [[UInt8]]? {
    let size = tokenizer.longestText &+ 9
    guard (0...Self.most).contains(size) else { return nil }
    var stream = TextStream()
    var parts: [[UInt8]] = []
    for index in 0...ids.count {
      var bytes = [UInt8](repeating: 0xAA, count: size)
      var span = bytes.mutableSpan
      let count =
        index < ids.count
        ? try? tokenizer.append(ids[index], to: &stream, into: &span)
        : try? tokenizer.finish(&stream, into: &span)
      guard let count else { return nil }
      parts.append(Array(bytes[..<count]))
    }
    return parts
  }

  /// Does all of it with tables that may be broken: what comes out are tokens, or errors.
  func exercise(_ text: [UInt8]) throws(BrokenPromise) {
    let ids = try encode(text)
    if let ids { _ = decode(ids) }
    _ = try encode(text, room: 3)
    _ = try encodePair(text, Array(text.prefix(8)))
    let some = [0, 1, 2, 65, 300, UInt32(clamping: tokenizer.vocabularySize - 1)].filter(isToken)
    _ = stream(some + (ids ?? []))
    for id in some { _ = (tokenizer.pieceText(id).count, tokenizer.pieceType(id)) }
    _ = (tokenizer.id(ofPiece: text.span), tokenizer.encodesPairs, tokenizer.encodesLanguages)
    try exerciseLimits(text)
  }

  /// Encodes and decodes with too little room of each kind: that is an error, or it fits.
  func exerciseLimits(_ text: [UInt8]) throws(BrokenPromise) {
    let need = tokenizer.scratch(forTextBytes: text.count)
    guard need.normalizedBytes <= Self.most, need.latticeNodes <= Self.most else { return }
    for (bytes, nodes, room) in [
      (0, need.latticeNodes, 64), (need.normalizedBytes, 0, 64), (need.normalizedBytes, need.latticeNodes, 1),
    ] {
      var normalized = [UInt8](repeating: 0xAA, count: bytes)
      var lattice = [LatticeNode](repeating: LatticeNode(), count: nodes)
      var ids = [UInt32](repeating: .max, count: room)
      var idSpan = ids.mutableSpan
      var byteSpan = normalized.mutableSpan
      var nodeSpan = lattice.mutableSpan
      do throws(TokenizerError) {
        _ = try tokenizer.encode(
          text.span, language: 0, into: &idSpan, normalized: &byteSpan, lattice: &nodeSpan)
      } catch { try expect(!error.description.isEmpty, "an error without words") }
    }
    var none: [UInt8] = []
    var span = none.mutableSpan
    for ids: [UInt32] in [[0], [0, .max]] {
      do throws(TokenizerError) {
        _ = try tokenizer.decode(ids.span, into: &span)
        _ = try tokenizer.decode(ids.span, after: ids.span, into: &span)
      } catch { try expect(!error.description.isEmpty, "an error without words") }
    }
  }

  private func isToken(_ id: UInt32) -> Bool { Int(id) < tokenizer.vocabularySize }
}
