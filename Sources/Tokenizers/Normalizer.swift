/// Brings a text into the form that the pieces were trained on: Unicode normalisation by rules, and white space.
///
/// Follows sentencepiece's `normalizer.cc`, byte for byte.
@safe struct Normalizer {
  /// Texts to replace, with where their replacements start.
  let rules: DoubleArray
  /// The replacements, each ended by a zero byte.
  let replacements: UnsafeRawBufferPointer
  /// The pieces: those that the user defined stay as they are.
  let pieces: DoubleArray
  let flags: SectionFlags

  /// Normalises `text`.
  ///
  /// - Parameter prefixes: Whether it gets its dummy prefix, if the flags ask for one.
  /// - Complexity: One pass; each position walks the rules as deep as one matches.
  func normalize(
    _ text: UnsafeRawBufferPointer, prefixes: Bool = true, into output: inout NormalizedText
  ) {
    let trims = flags.contains(.removeExtraWhitespaces)
    var at = 0
    if trims {
      while at < text.count {
        let prefix = unsafe normalizePrefix(text, at)
        guard unsafe prefix.isSpace(text, replacements) else { break }
        at &+= prefix.consumed
      }
    }
    guard at < text.count else { return }

    let addsDummy = prefixes && flags.contains(.addDummyPrefix)
    let suffixes = flags.contains(.whitespaceAsSuffix)
    if addsDummy && !suffixes { appendSpace(to: &output) }
    var afterSpace = trims
    while at < text.count {
      let prefix = unsafe normalizePrefix(text, at)
      unsafe append(prefix, of: text, to: &output, afterSpace: &afterSpace)
      if !trims { afterSpace = false }
      at &+= prefix.consumed
    }
    guard output.fits else { return }
    if trims { trimEnd(of: &output) }
    if addsDummy && suffixes { appendSpace(to: &output) }
  }

  private func append(
    _ prefix: Prefix, of text: UnsafeRawBufferPointer, to output: inout NormalizedText, afterSpace: inout Bool
  ) {
    var start = prefix.start
    let source = unsafe prefix.bytes(text, replacements)
    if afterSpace {
      while start < prefix.end, unsafe source[start] == 0x20 { start &+= 1 }
    }
    guard start < prefix.end else { return }
    let escapes = flags.contains(.escapeWhitespaces)
    for index in start..<prefix.end {
      let byte = unsafe source[index]
      if escapes && byte == 0x20 {
        output.appendSpaceSymbol()
      } else {
        output.append(byte)
      }
    }
    afterSpace = unsafe source[prefix.end &- 1] == 0x20
  }

  private func appendSpace(to output: inout NormalizedText) {
    if flags.contains(.escapeWhitespaces) {
      output.appendSpaceSymbol()
    } else {
      output.append(0x20)
    }
  }

  private func trimEnd(of output: inout NormalizedText) {
    if flags.contains(.escapeWhitespaces) {
      while output.endsWithSpaceSymbol() { output.count &-= 3 }
    } else {
      while output.count > 0, unsafe output.bytes[output.count &- 1] == 0x20 { output.count &-= 1 }
    }
  }
}

extension Normalizer {
  /// What the text's next few bytes become.
  struct Prefix {
    enum Source {
      case text, replacements, replacementCharacter
    }
    /// Where the result is: `start..<end` of `source`, always within it.
    let source: Source
    let start: Int
    let end: Int
    /// How many bytes of the text it stands for: 1 or more.
    let consumed: Int

    @inline(__always)
    func bytes(_ text: UnsafeRawBufferPointer, _ replacements: UnsafeRawBufferPointer)
      -> UnsafeRawBufferPointer
    {
      switch source {
      case .text: unsafe text
      case .replacements: unsafe replacements
      case .replacementCharacter:
        unsafe UnsafeRawBufferPointer(
          start: replacementCharacter.utf8Start, count: replacementCharacter.utf8CodeUnitCount)
      }
    }

    @inline(__always)
    func isSpace(_ text: UnsafeRawBufferPointer, _ replacements: UnsafeRawBufferPointer) -> Bool {
      unsafe end &- start == 1 && bytes(text, replacements)[start] == 0x20
    }
  }

  /// Normalises the longest start of `text[at...]` that a user-defined piece or a rule covers, or one character.
  /// `at` is within `text`.
  @inline(__always)
  private func normalizePrefix(_ text: UnsafeRawBufferPointer, _ at: Int) -> Prefix {
    if flags.contains(.hasUserDefined), let length = unsafe longestUserDefined(text, at) {
      return Prefix(source: .text, start: at, end: at &+ length, consumed: length)
    }
    if let (length, start) = unsafe longestRule(text, at) {
      var end = start
      while unsafe end < replacements.count, unsafe replacements[end] != 0 { end &+= 1 }
      return Prefix(source: .replacements, start: start, end: end, consumed: length)
    }
    let length = unsafe wellFormedLength(text, at)
    guard length > 0 else {
      return Prefix(source: .replacementCharacter, start: 0, end: 3, consumed: 1)
    }
    return Prefix(source: .text, start: at, end: at &+ length, consumed: length)
  }

  /// Replaces what the rules say, may take Hangul syllables apart, and keeps all else as it is.
  ///
  /// - Parameter classes: Says what is left out: with it zeros are, of which no rule can speak.
  func replaceCharacters(
    _ text: UnsafeRawBufferPointer, decomposesHangul: Bool, classes: CharacterRuns? = nil,
    into output: inout NormalizedText
  ) {
    var at = 0
    while at < text.count {
      if let (length, start) = unsafe longestRule(text, at) {
        var index = start
        while unsafe index < replacements.count, unsafe replacements[index] != 0 {
          unsafe output.append(replacements[index])
          index &+= 1
        }
        at &+= length
        continue
      }
      let (scalar, length) = unsafe character(text, at)
      if let classes, scalar == 0 || classes.characterClass(scalar) == .ignored {
        at &+= length
        continue
      }
      if decomposesHangul && Hangul.isSyllable(scalar) {
        Hangul.decompose(scalar, into: &output)
      } else {
        for index in at..<at &+ length { unsafe output.append(text[index]) }
      }
      at &+= length
    }
  }

  @inline(__always)
  private func longestRule(_ text: UnsafeRawBufferPointer, _ at: Int) -> (length: Int, start: Int)? {
    guard var cursor = rules.root else { return nil }
    var longest: (length: Int, start: Int)?
    var index = at
    while index < text.count, unsafe rules.step(&cursor, text[index]) {
      index &+= 1
      if let value = rules.value(cursor), unsafe value < UInt32(truncatingIfNeeded: replacements.count) {
        longest = (index &- at, Int(truncatingIfNeeded: value))
      }
    }
    return longest
  }

  func longestUserDefined(_ text: UnsafeRawBufferPointer, _ at: Int) -> Int? {
    guard var cursor = pieces.root else { return nil }
    var longest: Int?
    var index = at
    while index < text.count, unsafe pieces.step(&cursor, text[index]) {
      index &+= 1
      if let value = pieces.value(cursor), value & 1 != 0 { longest = index &- at }
    }
    return longest
  }
}

/// U+FFFD: what a byte becomes that is not UTF-8.
var replacementCharacter: StaticString {
  @inline(__always) get { "\u{FFFD}" }
}
