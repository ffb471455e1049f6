import SwiftletArena

/// Sequences of tokens that are never chosen (transformers' `bad_words_ids`); a sequence of one is a token.
struct SuppressedSequences: ~Copyable {
  /// Each sequence's length and then its tokens.
  private let words: ArenaBuffer<UInt32>
  private var end = 0

  init(_ words: consuming ArenaBuffer<UInt32>) { self.words = words }

  /// Whether there is none.
  var isEmpty: Bool { end == 0 }

  /// Adds a sequence. Returns whether there was room for it.
  mutating func add(_ tokens: Span<UInt32>) -> Bool {
    guard tokens.count > 0 else { return true }
    guard tokens.count < words.count - end else { return false }
    unsafe words.pointer[end] = UInt32(truncatingIfNeeded: tokens.count)
    for index in 0..<tokens.count { unsafe words.pointer[end + 1 + index] = tokens[index] }
    end += 1 + tokens.count
    return true
  }

  /// Masks the last token of every sequence whose others were just read.
  func apply(to row: LogitsRow) {
    var place = 0
    while place < end {
      let count = unsafe Int(truncatingIfNeeded: words.pointer[place])
      let tokens = unsafe words.pointer + (place + 1)
      place += 1 + count
      let start = row.historyCount - (count - 1)
      guard start >= 0 else { continue }
      var length = 0
      while length < count - 1, unsafe tokens[length] == row.history[start + length] { length += 1 }
      if length == count - 1 { unsafe row.mask(Int(truncatingIfNeeded: tokens[count - 1])) }
    }
  }
}
