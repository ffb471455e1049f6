import SwiftletSources
import SwiftletTokenizers

extension TokenizerJSON {
  /// Byte-pair encoding, of characters or of bytes.
  func pairs() throws(TokenizerSourceError) -> TokenizerSection {
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] where !model[key].isNull {
      guard try model[key].text().isEmpty else {
        throw model[key].unsupported("a mark on parts of words")
      }
    }
    if !model["dropout"].isNull, model["dropout"].value.wholeNumber != 0 {
      throw model["dropout"].unsupported("dropout")
    }
    let steps = try preTokenizerSteps()
    let isBytes = steps.contains {
      if case .byteLevel = $0 { true } else { false }
    }
    var section = isBytes ? try bytePairs(steps) : try characterPairs()
    section.contents.kind = .bytePairs
    section.contents.vocabularySize = texts.count
    if !model["unk_token"].isNull {
      let text = try model["unk_token"].text()
      guard let id = id(of: text) else { throw model["unk_token"].malformed("a token of the vocabulary") }
      section.contents.unknownID = id
    }
    if try model["fuse_unk"].flag(missing: false) { section.options.insert(.fusesUnknown) }
    if try model["ignore_merges"].flag(missing: false) { section.options.insert(.ignoresMerges) }
    return section
  }

  private func bytePairs(_ steps: [PreTokenizerStep]) throws(TokenizerSourceError) -> TokenizerSection {
    var section = TokenizerSection()
    section.options = .bytes
    switch steps {
    case [.byteLevel(addsSpace: false, splits: true)]: section.contents.split = 1
    case [.byteLevel(addsSpace: true, splits: true)]:
      section.contents.split = 1
      section.options.insert(.addsSpace)
    case [.digits, .byteLevel(addsSpace: false, splits: true)]:
      section.contents.split = 1
      section.options.insert(.isolatesDigits)
    default:
      guard steps.count == 2, case .split(let split) = steps[0],
        steps[1] == .byteLevel(addsSpace: false, splits: false)
      else { throw refused("pre_tokenizer", for: "byte-level BPE") }
      section.contents.split = split
    }
    try checkDecoder { $0.map(\.0) == ["ByteLevel"] }
    section.contents[.characterClasses] = littleEndian(UnicodeTables.wordClasses)
    switch try normalizerSteps() {
    case []: break
    case [.composition]:
      section.options.insert(.composes)
      try inSection(of: file) { () throws(UnigramSectionError) in
        try UnicodeTables.addComposition(to: &section.contents)
      }
    default: throw refused("normalizer", for: "byte-level BPE")
    }
    let bytes = texts.map { ByteLevelAlphabet.bytes(of: $0) ?? Array($0.utf8) }
    try setTokens(bytes, of: &section)
    try setMerges(of: &section) { ByteLevelAlphabet.bytes(of: $0)?.map(withoutZero) }
    var byteTokens = [UInt32](repeating: .max, count: 256)
    for (text, id) in vocabulary {
      if let byte = ByteLevelAlphabet.bytes(of: text), byte.count == 1 {
        byteTokens[Int(byte[0])] = UInt32(id)
      }
    }
    section.contents.flags = UnigramSectionBuilder.Flags.byteFallback.rawValue
    section.contents[.bytePieces] = littleEndian(byteTokens)
    return section
  }

  /// As in the runtime's trie: zero and 0xC0 have changed places, since a key has no zero.
  private func withoutZero(_ byte: UInt8) -> UInt8 { byte == 0 ? 0xC0 : byte == 0xC0 ? 0 : byte }

  private func characterPairs() throws(TokenizerSourceError) -> TokenizerSection {
    var section = TokenizerSection()
    let text = try spaceText()
    section.options = text.options
    if text.splits { section.options.insert(.splitsAtSpaceSymbols) }
    try setSpaceDecoder(&section)
    var flags = UnigramSectionBuilder.Flags(text.normalizer)
    let charsmap = try inSection(of: file) { () throws(UnigramSectionError) in try Charsmap(text.normalizer) }
    section.contents.expansion = charsmap.expansion
    section.contents[.rules] = charsmap.units
    section.contents[.replacements] = charsmap.replacements
    var types = types()
    if try model["byte_fallback"].flag(missing: false) {
      section.contents[.bytePieces] = littleEndian(try byteTokens(&types))
      flags.insert(.byteFallback)
    }
    section.contents.flags = flags.rawValue
    try setTokens(texts.map { Array($0.utf8) }, types, of: &section)
    try setMerges(of: &section) { Array($0.utf8) }
    return section
  }

  /// `<0x00>` … `<0xFF>`: all of them or, as in tokenizers, none count.
  func byteTokens(_ types: inout [PieceType]) throws(TokenizerSourceError) -> [UInt32] {
    var tokens: [UInt32] = []
    for byte in UInt8.min...UInt8.max {
      let digits = String(byte, radix: 16, uppercase: true)
      let text = byte < 16 ? "<0x0\(digits)>" : "<0x\(digits)>"
      guard let id = ids[TokenText(text)] else {
        throw model["byte_fallback"].unsupported("byte fallback without the token \(text)")
      }
      tokens.append(UInt32(id))
      types[id] = .byte
    }
    return tokens
  }

  private func setTokens(
    _ bytes: [[UInt8]], _ types: [PieceType]? = nil, of section: inout TokenizerSection
  ) throws(TokenizerSourceError) {
    section.contents.longestText = bytes.map(longestDecoded).max() ?? 3
    try inSection(of: file) { () throws(UnigramSectionError) in
      try section.contents.setTexts(Array(zip(bytes, types ?? self.types())).map { (text: $0, type: $1) })
    }
  }

  /// The most bytes that a token's bytes can become: U+FFFD for each that isn't part of a character.
  private func longestDecoded(_ bytes: [UInt8]) -> Int {
    var count = 3
    for character in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      count += character == "\u{FFFD}" ? 9 : String(character).utf8.count
    }
    return min(count, 0xFFFF)
  }

  /// Sets the trie over the tokens and, for each token, the merges that make it: order and length of the left part.
  private func setMerges(
    of section: inout TokenizerSection, key: (String) -> [UInt8]?
  ) throws(TokenizerSourceError) {
    var merges: [Int: [UInt32]] = [:]
    for (order, node) in try model["merges"].elements().enumerated() {
      let parts = try mergeParts(node)
      for part in parts where ids[TokenText(part)] == nil {
        throw .unknownToken(file: file, merge: order, token: part)
      }
      let whole = parts[0] + parts[1]
      guard let id = ids[TokenText(whole)] else {
        throw .unknownToken(file: file, merge: order, token: whole)
      }
      guard order < 1 << 20, let left = key(parts[0])?.count, left <= SectionContents.textLimit else {
        throw node.unsupported("merge \(order): more than 1,048,575, or a part of more than 4,095 bytes,")
      }
      // Of a merge that is there twice, the last one counts.
      merges[id, default: []].removeAll { $0 & 0xFFF == UInt32(left) }
      merges[id, default: []].append(UInt32(order) << 12 | UInt32(left))
    }
    var starts: [UInt32] = [0]
    var table: [UInt32] = []
    for id in texts.indices {
      table += merges[id] ?? []
      starts.append(UInt32(table.count))
    }
    section.contents[.mergeStarts] = littleEndian(starts)
    section.contents[.merges] = littleEndian(table)
    // What has a zero byte in its key stands for a byte that no UTF-8 has: no text is cut into it.
    let keys = vocabulary.compactMap { text, id in
      key(text).flatMap { $0.isEmpty || $0.contains(0) ? nil : (text: $0, entry: id, isWhole: false) }
    }
    try inSection(of: file) { () throws(UnigramSectionError) in try section.contents.setPieces(keys) }
  }

  /// `"a b"` or `["a", "b"]`.
  private func mergeParts(_ node: JSONNode) throws(TokenizerSourceError) -> [String] {
    var parts: [String] = []
    if case .string(let text) = node.value {
      parts = text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { String($0) }
    } else {
      for part in try node.elements() { parts.append(try part.text()) }
    }
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw node.malformed("two texts") }
    return parts
  }
}
