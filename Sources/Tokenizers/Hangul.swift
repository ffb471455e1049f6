/// Hangul syllables, which Unicode composes by arithmetic (The Unicode Standard, section 3.12).
enum Hangul {
  @inline(__always)
  static func isSyllable(_ scalar: UInt32) -> Bool { scalar >= 0xAC00 && scalar < 0xAC00 &+ 11_172 }

  /// Appends the two or three letters of a syllable.
  static func decompose(_ syllable: UInt32, into output: inout NormalizedText) {
    let index = syllable &- 0xAC00
    output.append(scalar: 0x1100 &+ index / 588)
    output.append(scalar: 0x1161 &+ index % 588 / 28)
    if index % 28 > 0 { output.append(scalar: 0x11A7 &+ index % 28) }
  }

  /// The syllable of a leading consonant and a vowel, or of a syllable without final consonant and one; or nil.
  @inline(__always)
  static func compose(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first >= 0x1100, first < 0x1113, second >= 0x1161, second < 0x1176 {
      return 0xAC00 &+ ((first &- 0x1100) &* 21 &+ second &- 0x1161) &* 28
    }
    if isSyllable(first), (first &- 0xAC00) % 28 == 0, second > 0x11A7, second < 0x11C3 {
      return first &+ second &- 0x11A7
    }
    return nil
  }
}
