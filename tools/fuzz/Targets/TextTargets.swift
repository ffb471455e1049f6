import SwiftletTokenizers

extension FuzzTarget {
  /// A byte that chooses a tokenizer, and a text for it.
  static let text = unsafe FuzzTarget("text", longest: 512, seeds: Seeds.texts) {
    (input) throws(BrokenPromise) in
    guard let first = unsafe input.first else { return }
    let known = KnownTokenizer.all[Int(first) % KnownTokenizer.all.count]
    let (harness, text) = unsafe (known.harness, Array(input.dropFirst()))
    guard let ids = try harness.encode(text) else { throw BrokenPromise("a text has no tokens") }
    guard let decoded = harness.decode(ids), let parts = harness.stream(ids) else {
      throw BrokenPromise("tokens of a text have no text: \(ids)")
    }
    try expect(parts.flatMap { $0 } == decoded, "what streams is not what is decoded at once: \(ids)")
    guard let cut = try harness.encode(text, room: 4),
      let bare = try harness.encode(text, usesTemplate: false)
    else { throw BrokenPromise("a text has no tokens where it may be cut, or without a template") }
    try expect(cut.count <= 4 && bare.count <= ids.count, "\(bare.count) of \(ids.count) tokens, \(cut)")
    _ = try harness.encodePair(text, Array(text.reversed()))
    try harness.exerciseLimits(text)
    guard known.promise == .sameText, let string = String(validating: text, as: UTF8.self) else { return }
    let isText = ids.allSatisfy { harness.tokenizer.pieceType($0) == .normal }
    try expect(!isText || Array(string.utf8) == decoded, "\(text) became \(decoded)")
  }

  /// A byte that chooses a tokenizer, and ids for it in two bytes each; the highest is one that no vocabulary has.
  static let ids = unsafe FuzzTarget("ids", longest: 256, seeds: Seeds.ids) { (input) throws(BrokenPromise) in
    guard let first = unsafe input.first else { return }
    let harness = KnownTokenizer.all[Int(first) % KnownTokenizer.all.count].harness
    let size = harness.tokenizer.vocabularySize
    let ids = (0..<(input.count - 1) / 2).map { index in
      let id = unsafe UInt32(input[1 + 2 * index]) | UInt32(input[2 + 2 * index]) << 8
      return id == 0xFFFF ? UInt32.max : id % UInt32(size + 1)
    }
    let (decoded, parts) = (harness.decode(ids), harness.stream(ids))
    guard ids.allSatisfy({ Int($0) < size }) else {
      return try expect(decoded == nil && parts == nil, "an id that is none was decoded: \(ids)")
    }
    guard let decoded, let parts else { throw BrokenPromise("tokens have no text: \(ids)") }
    try expect(parts.flatMap { $0 } == decoded, "what streams is not what is decoded at once: \(ids)")
    for part in parts + [decoded] {
      try expect(String(validating: part, as: UTF8.self) != nil, "no UTF-8: \(ids)")
    }
    _ = try harness.encode(decoded)
  }

  /// A tokenizer's section of a model file, and a text for it.
  static let section = unsafe FuzzTarget(
    "tokenizer-section", .parts(2), longest: 1 << 15, seeds: Seeds.sections
  ) {
    (input) throws(BrokenPromise) in
    let parts = unsafe Parts.split(input, 2)
    unsafe try withCopy(parts[1], alignment: 8) { (section) throws(BrokenPromise) in
      guard let harness = try attempt({ unsafe try TokenizerHarness(section) }) else { return }
      let text = unsafe Array(parts[0].prefix(256))
      try harness.exercise(text)
      try attempt { unsafe try encodePlain(section, text) }
    }
  }
}

/// Does the same with a section that is a Unigram tokenizer's alone.
private func encodePlain(_ section: UnsafeRawBufferPointer, _ text: [UInt8]) throws {
  let tokenizer = unsafe try UnigramTokenizer(section: section)
  let need = tokenizer.scratch(forTextBytes: text.count)
  guard need.normalizedBytes < 1 << 22 else { return }
  var normalized = [UInt8](repeating: 0xAA, count: need.normalizedBytes)
  var lattice = [LatticeNode](repeating: LatticeNode(), count: need.latticeNodes)
  var ids = [UInt32](repeating: .max, count: 4 * text.count + 64)
  var idSpan = ids.mutableSpan
  var byteSpan = normalized.mutableSpan
  var nodeSpan = lattice.mutableSpan
  let count = try tokenizer.encode(text.span, into: &idSpan, normalized: &byteSpan, lattice: &nodeSpan)
  var bytes = [UInt8](repeating: 0xAA, count: min(tokenizer.decodedBytes(forIDs: count), 1 << 22))
  var span = bytes.mutableSpan
  _ = try tokenizer.decode(ids.span.extracting(0..<count), into: &span)
  _ = (tokenizer.pieceText(0).count, tokenizer.pieceType(0), tokenizer.id(ofPiece: text.span))
}
