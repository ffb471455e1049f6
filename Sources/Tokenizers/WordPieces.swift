/// BERT's word pieces: words are cut at white space and punctuation, and each is written in the longest pieces from
/// its start; pieces that go on with a word have a mark in front (`##`).
///
/// - SeeAlso: `BertPreTokenizer` and `WordPiece` of github.com/huggingface/tokenizers; Wu et al., *Google's Neural
///   Machine Translation System* (2016).
struct WordPieces {
  let tables: TokenTables
  let classes: CharacterRuns
  /// The most characters of a word that is cut; a longer one is unknown.
  let longestWord: Int

  /// Appends the ids of normalised text.
  ///
  /// - Complexity: O(bytes × longest piece).
  func encode(_ text: UnsafeRawBufferPointer, into ids: inout IDList) {
    var start = 0
    var at = 0
    var characters = 0
    while at < text.count {
      let (scalar, length) = unsafe character(text, at)
      let kind = classes.characterClass(scalar)
      guard kind.isSpace || kind == .punctuation || kind == .ideograph else {
        at &+= length
        characters &+= 1
        continue
      }
      unsafe encodeWord(text, start, at, characters, into: &ids)
      start = at &+ length
      if !kind.isSpace { unsafe encodeWord(text, at, start, 1, into: &ids) }
      at = start
      characters = 0
    }
    unsafe encodeWord(text, start, at, characters, into: &ids)
  }

  private func encodeWord(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ characters: Int, into ids: inout IDList
  ) {
    guard start < end else { return }
    let before = ids.count
    var at = start
    while at < end, characters <= longestWord {
      guard let (next, entry) = unsafe longestPiece(text, at, end, goesOn: at > start) else { break }
      ids.append(tables.id(ofEntry: entry))
      at = next
    }
    guard at < end else { return }
    // A word of which a part is unknown is unknown as a whole.
    ids.count = before
    ids.append(tables.unknownID)
  }

  private func longestPiece(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ end: Int, goesOn: Bool
  ) -> (end: Int, entry: UInt32)? {
    guard var cursor = unsafe tables.pieces.root else { return nil }
    if goesOn {
      let mark = unsafe tables.unknownSurface
      for index in 0..<mark.count {
        guard unsafe tables.pieces.step(&cursor, mark[index]) else { return nil }
      }
    }
    var found: (end: Int, entry: UInt32)?
    var at = start
    while at < end, unsafe tables.pieces.step(&cursor, text[at]) {
      at &+= 1
      if let value = unsafe tables.pieces.value(cursor), value &>> 1 < tables.entryCount {
        found = (at, value &>> 1)
      }
    }
    return found
  }
}
