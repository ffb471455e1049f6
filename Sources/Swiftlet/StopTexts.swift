import SwiftletArena

/// Texts at whose first occurrence a target's text ends; they don't belong to it.
struct StopTexts: ~Copyable {
  /// Each text's length in two bytes, and then its bytes.
  private let buffer: ArenaBuffer<UInt8>
  private var end = 0

  init(_ buffer: consuming ArenaBuffer<UInt8>) { self.buffer = buffer }

  /// Whether there is none.
  var isEmpty: Bool { end == 0 }

  /// Adds a text. Returns whether there was room for it.
  mutating func add(_ text: Span<UInt8>) -> Bool {
    guard text.count > 0 else { return true }
    guard text.count <= 0xFFFF, text.count + 2 <= buffer.count - end else { return false }
    unsafe buffer.pointer[end] = UInt8(truncatingIfNeeded: text.count)
    unsafe buffer.pointer[end + 1] = UInt8(truncatingIfNeeded: text.count >> 8)
    for index in 0..<text.count { unsafe buffer.pointer[end + 2 + index] = text[index] }
    end += 2 + text.count
    return true
  }

  /// How much of a text stands before the first stop text; nil if it has none.
  func cut(_ text: Span<UInt8>) -> Int? {
    var first: Int?
    unsafe forEach { stop in
      var start = 0
      while start + stop.count <= min(text.count, first ?? text.count) {
        if unsafe matches(text, at: start, stop, count: stop.count) {
          first = start
          return
        }
        start += 1
      }
    }
    return first
  }

  /// How many bytes at the end of a text may begin a stop text.
  func pending(_ text: Span<UInt8>) -> Int {
    var most = 0
    unsafe forEach { stop in
      var count = min(stop.count - 1, text.count)
      while count > most {
        if unsafe matches(text, at: text.count - count, stop, count: count) { most = count }
        count -= 1
      }
    }
    return most
  }

  private func matches(_ text: Span<UInt8>, at start: Int, _ stop: UnsafeBufferPointer<UInt8>, count: Int)
    -> Bool
  {
    for index in 0..<count where unsafe text[start + index] != stop[index] { return false }
    return true
  }

  private func forEach(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var place = 0
    while place < end {
      let count = unsafe Int(buffer.pointer[place]) | Int(buffer.pointer[place + 1]) << 8
      unsafe body(UnsafeBufferPointer(start: buffer.pointer + (place + 2), count: count))
      place += 2 + count
    }
  }
}
