import SwiftletArena
import SwiftletDecoding
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// The texts of a batch's sources, kept so that words can be taken over; without room, nothing is kept.
struct SourceTexts: ~Copyable {
  /// Each text's bytes, and zeros.
  private let bytes: ArenaBuffer<UInt8>
  private let capacity: Int

  init(_ bytes: consuming ArenaBuffer<UInt8>, capacity: Int) {
    self.bytes = bytes
    self.capacity = capacity
  }

  /// Whether texts are kept.
  var isKept: Bool { bytes.count > 0 }

  /// Keeps a text that is no longer than the capacity.
  mutating func keep(_ text: Span<UInt8>, at place: Int) {
    guard isKept else { return }
    for index in 0..<capacity {
      unsafe bytes.pointer[place * capacity + index] = index < text.count ? text[index] : 0
    }
  }

  /// The word of a number, without punctuation around it; of a number that is too large, nothing.
  func word(_ number: Int, of place: Int) -> UnsafeBufferPointer<UInt8> {
    let text = unsafe UnsafeBufferPointer(start: bytes.pointer + place * capacity, count: capacity)
    var (at, word) = (0, 0)
    while at < capacity {
      while at < capacity, unsafe text[at] <= 0x20 { at += 1 }
      var (start, end) = (at, at)
      while end < capacity, unsafe text[end] > 0x20 { end += 1 }
      if word == number {
        let next = (start, end)
        while start < end, unsafe isPunctuation(text[start]) { start += 1 }
        while end > start, unsafe isPunctuation(text[end - 1]) { end -= 1 }
        if start == end { (start, end) = next }
        return unsafe UnsafeBufferPointer(rebasing: text[start..<end])
      }
      (at, word) = (end, word + 1)
    }
    return unsafe UnsafeBufferPointer(rebasing: text[capacity...])
  }

  /// The character of a number.
  func character(_ number: Int, of place: Int) -> UnsafeBufferPointer<UInt8> {
    let text = unsafe UnsafeBufferPointer(start: bytes.pointer + place * capacity, count: capacity)
    var (start, left) = (0, number)
    func next(_ at: Int) -> Int {
      var end = at + 1
      while end < capacity, unsafe text[end] & 0xC0 == 0x80 { end += 1 }
      return end
    }
    while start < capacity, left > 0 { (start, left) = (next(start), left - 1) }
    return unsafe UnsafeBufferPointer(rebasing: text[start..<(start < capacity ? next(start) : start)])
  }

  /// Whether a byte is one of ASCII's marks.
  private func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }
}

extension Translator {
  /// Puts the selected hypothesis' text together with source words in place of unknown tokens: for each the word of the
  /// source token that it attended to most (CTranslate2's `replace_unknowns`). Returns the text's length; nil if there is
  /// nothing to replace.
  mutating func replaceUnknown() throws(SwiftletError) -> Int? {
    guard sourceTexts.isKept, var unknown = nextUnknown(0) else { return nil }
    align()
    let space: StaticText = " "
    var (start, count) = (0, 0)
    while true {
      count += try Self.decode(
        search, selectedSentence, rank: rank, start..<unknown, targetTokenizer, &textBuffer, count)
      guard unknown < ids.count else { return count }
      // Among word pieces a word has a space before it.
      if targetTokenizer.kind == .wordPieces, count > 0 {
        unsafe count += try put(space.start, 1, at: count)
      }
      let word = unsafe sourceWord(of: alignedSource(unknown))
      if let bytes = word.baseAddress { unsafe count += try put(bytes, word.count, at: count) }
      start = unknown + 1
      unknown = nextUnknown(start) ?? ids.count
    }
  }

  /// The first place from `start` on of a token that stands for what the vocabulary doesn't have.
  private func nextUnknown(_ start: Int) -> Int? {
    for index in start..<ids.count where ids[index] == targetTokenizer.unknownID { return index }
    return nil
  }

  /// What of the source belongs to one of its tokens: a word, or where tokens are characters one of these.
  private func sourceWord(of token: Int) -> UnsafeBufferPointer<UInt8> {
    guard sourceTokenizer.kind == .characters else {
      return unsafe sourceTexts.word(sourceWord(token), of: selectedSentence)
    }
    var number = token
    for index in 0..<token where sourceTokenizer.pieceType(sourceIDs[index]) == .control { number -= 1 }
    return unsafe sourceTexts.character(number, of: selectedSentence)
  }

  /// Writes bytes behind the text's first `place` ones; returns how many.
  private func put(_ bytes: UnsafePointer<UInt8>, _ count: Int, at place: Int) throws(SwiftletError) -> Int {
    guard count <= textBuffer.count - place else {
      throw .tokenizer(.decodedTooLong(bytes: place + count, capacity: textBuffer.count))
    }
    unsafe (textBuffer.pointer + place).update(from: bytes, count: count)
    return count
  }

  /// Decodes some of a target's tokens behind the text's first `place` bytes; returns how many that makes.
  private static func decode(
    _ search: borrowing Search, _ sentence: Int, rank: Int, _ range: Range<Int>, _ tokenizer: Tokenizer,
    _ text: inout ArenaBuffer<UInt8>, _ place: Int
  ) throws(SwiftletError) -> Int {
    var all = text.mutableSpan
    var rest = all._mutatingExtracting(place..<all.count)
    let ids = search.ids(sentence, rank: rank)
    do {
      return try tokenizer.decode(
        ids.extracting(range), after: ids.extracting(0..<range.lowerBound), into: &rest)
    } catch { throw .tokenizer(error) }
  }
}
