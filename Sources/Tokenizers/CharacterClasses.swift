/// What a character is, for cutting text into words.
struct CharacterClass: Equatable {
  let rawValue: UInt8

  /// None of the others.
  static var other: CharacterClass { CharacterClass(rawValue: 0) }
  /// Unicode's category L.
  static var letter: CharacterClass { CharacterClass(rawValue: 1) }
  /// Unicode's category N.
  static var number: CharacterClass { CharacterClass(rawValue: 2) }
  /// White space, except the ends of lines.
  static var space: CharacterClass { CharacterClass(rawValue: 3) }
  /// Line feed and carriage return.
  static var newline: CharacterClass { CharacterClass(rawValue: 4) }
  /// Unicode's category P, and ASCII's symbols.
  static var punctuation: CharacterClass { CharacterClass(rawValue: 5) }
  /// What BERT makes a word of its own.
  static var ideograph: CharacterClass { CharacterClass(rawValue: 6) }
  /// What BERT leaves out: control characters, private use, accents.
  static var ignored: CharacterClass { CharacterClass(rawValue: 7) }

  @inline(__always) var isSpace: Bool { self == .space || self == .newline }
  @inline(__always) var isLetterOrNumber: Bool { self == .letter || self == .number }
}

/// A function from characters to small numbers, as the places where it changes.
///
/// A table of u32, ascending: the first character of a run in the upper 24 bits, the run's value in the lower 8.
@safe struct CharacterRuns {
  let runs: UnsafeRawBufferPointer

  /// The value of a character: 0 before the first run.
  ///
  /// - Complexity: O(log runs).
  @inline(never)
  func value(_ scalar: UInt32) -> UInt8 {
    var low = 0
    var high = unsafe runs.count / 4
    while low < high {
      let middle = (low &+ high) / 2
      if unsafe u32(runs, middle) &>> 8 <= scalar { low = middle &+ 1 } else { high = middle }
    }
    return unsafe UInt8(truncatingIfNeeded: u32(runs, low &- 1))
  }

  /// The class of a character; of ASCII without looking.
  @inline(__always)
  func characterClass(_ scalar: UInt32) -> CharacterClass {
    guard scalar < 0x80 else { return CharacterClass(rawValue: value(scalar)) }
    switch UInt8(truncatingIfNeeded: scalar) {
    case 0x61...0x7A, 0x41...0x5A: return .letter
    case 0x30...0x39: return .number
    case 0x20, 0x09, 0x0B, 0x0C: return .space
    case 0x0A, 0x0D: return .newline
    case 0..<0x20, 0x7F: return .other
    default: return .punctuation
    }
  }
}

/// The character at `at` and how many bytes it has; U+FFFD and 1 for a byte that isn't UTF-8. `at` is within `text`.
@inline(__always)
func character(_ text: UnsafeRawBufferPointer, _ at: Int) -> (scalar: UInt32, length: Int) {
  let first = unsafe UInt32(text[at])
  return unsafe first < 0x80 ? (first, 1) : wideCharacter(text, at)
}

// Out of line: it is used in many places.
@inline(never)
private func wideCharacter(_ text: UnsafeRawBufferPointer, _ at: Int) -> (scalar: UInt32, length: Int) {
  let first = unsafe UInt32(text[at])
  let length = unsafe wellFormedLength(text, at)
  switch length {
  case 2: return unsafe ((first & 0x1F) &<< 6 | trail(text, at &+ 1), 2)
  case 3:
    return unsafe ((first & 0x0F) &<< 12 | trail(text, at &+ 1) &<< 6 | trail(text, at &+ 2), 3)
  case 4:
    let high = unsafe (first & 0x07) &<< 18 | trail(text, at &+ 1) &<< 12
    return unsafe (high | trail(text, at &+ 2) &<< 6 | trail(text, at &+ 3), 4)
  default: return (0xFFFD, 1)
  }
}

@inline(__always)
private func trail(_ text: UnsafeRawBufferPointer, _ at: Int) -> UInt32 { unsafe UInt32(text[at] & 0x3F) }

extension NormalizedText {
  /// Appends a character in UTF-8. `scalar` is at most U+10FFFF and no surrogate.
  mutating func append(scalar: UInt32) {
    @inline(__always)
    func byte(_ shift: UInt32, _ mask: UInt32, _ mark: UInt32) {
      append(UInt8(truncatingIfNeeded: scalar &>> shift & mask | mark))
    }
    if scalar < 0x80 { return append(UInt8(truncatingIfNeeded: scalar)) }
    if scalar < 0x800 {
      byte(6, 0x1F, 0xC0)
    } else {
      if scalar < 0x10000 {
        byte(12, 0x0F, 0xE0)
      } else {
        byte(18, 0x07, 0xF0)
        byte(12, 0x3F, 0x80)
      }
      byte(6, 0x3F, 0x80)
    }
    byte(0, 0x3F, 0x80)
  }
}
