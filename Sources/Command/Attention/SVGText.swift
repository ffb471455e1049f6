import SwiftletPlatform
import SwiftletTokenizers

extension TokenLabels {
  /// The width of the longest label, in letters.
  var longest: Int {
    var most = 1
    for index in 0..<count {
      var (width, characters) = (0, 0)
      let piece = unsafe piece(index)
      for place in 0..<piece.count where characters < mostCharacters {
        let byte = unsafe piece[place]
        if byte & 0xC0 == 0x80 { continue }
        characters += 1
        // What Chinese and Japanese are written with takes two letters' room; ▁ (E2 …) does not.
        width += byte >= 0xE3 ? 2 : byte <= 0x1F ? 4 : 1
      }
      most = max(most, width)
    }
    return most
  }
}

/// How many characters of a token a label shows.
private let mostCharacters = 16

extension ByteSink where Self: ~Copyable {
  /// Writes a template, with a number in place of each `%`.
  mutating func put(_ template: StaticText, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) {
    var numbers = (a, b, c)
    var rest = unsafe template.start
    while unsafe rest.pointee != 0 {
      if unsafe rest.pointee == UInt8(ascii: "%") {
        write(numbers.0)
        numbers = (numbers.1, numbers.2, 0)
      } else {
        unsafe write(byte: rest.pointee)
      }
      unsafe rest += 1
    }
  }

  /// Writes text as XML has it: what XML can't have becomes U+FFFD.
  mutating func write(xml text: Span<UInt8>) {
    unsafe text.withUnsafeBytes { unsafe write(xml: $0, characters: .max, isLabel: false) }
  }

  /// Writes a token's text: its first characters, with spaces and control characters that can be seen.
  mutating func write(label text: UnsafeRawBufferPointer) {
    unsafe write(xml: text, characters: mostCharacters, isLabel: true)
  }

  private mutating func write(xml text: UnsafeRawBufferPointer, characters most: Int, isLabel: Bool) {
    let bytes = unsafe Span<UInt8>(_unsafeBytes: text)
    var (place, characters) = (0, 0)
    // The first byte that is no UTF-8.
    var invalid = firstInvalidUTF8(in: bytes) ?? bytes.count
    while place < bytes.count {
      if characters == most { return write("…") }
      characters += 1
      let byte = bytes[place]
      var length = 1
      if place < invalid, byte >= 0xC0 { length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2 }
      switch byte {
      case UInt8(ascii: "<"): write("&lt;")
      case UInt8(ascii: ">"): write("&gt;")
      case UInt8(ascii: "&"): write("&amp;")
      case 0..<0x20:
        if isLabel {
          write("\\x")
          write(hexadecimal: UInt64(byte), digits: 2)
        } else {
          write(" ")
        }
      case 0x20 where isLabel: write("\u{2581}")
      // U+FFFE and U+FFFF are no characters of XML.
      case _ where place >= invalid,
        0xEF where bytes[place + 1] == 0xBF && bytes[place + 2] >= 0xBE:
        write("\u{FFFD}")
      default: write(bytes.extracting(place..<place + length))
      }
      place += length
      if place > invalid {
        invalid = place + (firstInvalidUTF8(in: bytes.extracting(place..<bytes.count)) ?? bytes.count - place)
      }
    }
  }
}
