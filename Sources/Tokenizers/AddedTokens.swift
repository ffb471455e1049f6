/// Tokens that are looked for in text before it is cut: `</s>`, `<|im_start|>`, those that a user added.
///
/// The longest one that starts leftmost counts, as in Hugging Face's tokenizers.
@safe struct AddedTokens {
  /// Texts; a value is a place in `records`.
  let texts: DoubleArray
  /// One u32 a token: its id in the lower 20 bits; bit 30 takes white space before it, bit 31 after it.
  let records: UnsafeRawBufferPointer
  let classes: CharacterRuns

  /// Where a token was found: with the white space that it takes.
  struct Match {
    let start: Int
    let end: Int
    let id: UInt32
  }

  /// The first token in `text[start..<end]`, or nil. Without tokens at no cost.
  func first(in text: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Match? {
    guard texts.count > 0, let root = texts.root else { return nil }
    for at in start..<max(start, end) {
      var cursor = root
      var index = at
      var found: (end: Int, place: UInt32)?
      while index < end, unsafe texts.step(&cursor, text[index]) {
        index &+= 1
        if let value = texts.value(cursor) { found = (index, value) }
      }
      if let found { return unsafe match(text, start, at, found.end, end, place: found.place) }
    }
    return nil
  }

  private func match(
    _ text: UnsafeRawBufferPointer, _ least: Int, _ from: Int, _ to: Int, _ most: Int, place: UInt32
  ) -> Match {
    let record = unsafe u32(records, Int(truncatingIfNeeded: place & 0x7FFF_FFFF))
    var (start, end) = (from, to)
    if record & 1 &<< 30 != 0 {
      while let previous = unsafe characterBefore(text, start, least), unsafe isSpace(text, previous) {
        start = previous
      }
    }
    if record & 1 &<< 31 != 0 {
      while end < most, unsafe isSpace(text, end) { unsafe end &+= character(text, end).length }
    }
    return Match(start: start, end: end, id: record & LatticeNode.unknown)
  }

  private func isSpace(_ text: UnsafeRawBufferPointer, _ at: Int) -> Bool {
    unsafe classes.characterClass(character(text, at).scalar).isSpace
  }

  /// Where the character before `at` starts, or nil at `least`.
  private func characterBefore(_ text: UnsafeRawBufferPointer, _ at: Int, _ least: Int) -> Int? {
    guard at > least else { return nil }
    var start = at &- 1
    while start > least, at &- start < 4, unsafe text[start] & 0xC0 == 0x80 { start &-= 1 }
    return start
  }
}
