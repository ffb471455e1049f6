/// What decoding token by token remembers: bytes of a character that isn't whole yet, and whether there was text.
///
/// A value of 8 bytes, one for each text that is put together; a copy goes on from the same place.
public struct TextStream: Sendable {
  /// Up to 3 bytes that begin a character, the first lowest.
  private var pending: UInt32 = 0
  private var pendingCount: UInt8 = 0
  /// Whether nothing but control tokens came yet.
  var isFirst = true
  /// Whether anything was put out.
  var hasText = false
  /// Whether a `▁` may still be the one that the model put in front.
  var mayTakeSpace = true

  /// The start of a text.
  public init() {}

  /// Puts out `byte` once it is certain which character it belongs to.
  ///
  /// - Parameter each: Whether each byte that isn't UTF-8 becomes U+FFFD (sentencepiece), or each longest start of a
  ///   character (Unicode's recommendation, which Rust and Python follow).
  @inline(__always)
  mutating func append(_ byte: UInt8, each: Bool, to output: inout NormalizedText) {
    if byte < 0x80 && pendingCount == 0 {
      output.append(byte)
    } else {
      appendToCharacter(byte, each: each, to: &output)
    }
  }

  /// Appends text whose broken characters are found as wholes.
  mutating func append(_ text: UnsafeRawBufferPointer, to output: inout NormalizedText) {
    for index in 0..<text.count { unsafe append(text[index], each: false, to: &output) }
  }

  private mutating func appendToCharacter(_ byte: UInt8, each: Bool, to output: inout NormalizedText) {
    let shift = UInt32(pendingCount) &* 8
    let word = pending | UInt32(byte) &<< shift
    let count = Int(pendingCount) &+ 1
    if startsCharacter(word, count) {
      pending = word
      pendingCount = UInt8(truncatingIfNeeded: count)
      if nominalLength(UInt8(truncatingIfNeeded: word)) == count { putOut(&output) }
    } else if count > 1 {
      finish(each: each, to: &output)
      append(byte, each: each, to: &output)
    } else {
      appendReplacement(to: &output)
    }
  }

  /// Puts out U+FFFD for what never became a character.
  mutating func finish(each: Bool, to output: inout NormalizedText) {
    let count = each ? Int(pendingCount) : min(Int(pendingCount), 1)
    for _ in 0..<count { appendReplacement(to: &output) }
    pendingCount = 0
    pending = 0
  }

  private mutating func putOut(_ output: inout NormalizedText) {
    for _ in 0..<pendingCount {
      output.append(UInt8(truncatingIfNeeded: pending))
      pending &>>= 8
    }
    pendingCount = 0
  }

  private func appendReplacement(to output: inout NormalizedText) {
    output.append(0xEF)
    output.append(0xBF)
    output.append(0xBD)
  }

  /// Whether the lowest `count` bytes of `word` start a well-formed character, or are one.
  private func startsCharacter(_ word: UInt32, _ count: Int) -> Bool {
    // A second byte's range depends on the first; all others go up from 0x80.
    var whole = word
    let first = UInt8(truncatingIfNeeded: word)
    if count == 1 { whole |= first == 0xE0 ? 0xA000 : first == 0xF0 ? 0x9000 : 0x8000 }
    for index in max(count, 2)..<4 { whole |= 0x80 &<< (UInt32(truncatingIfNeeded: index) &* 8) }
    return unsafe withUnsafeBytes(of: whole.littleEndian) { unsafe wellFormedLength($0, 0) >= count }
  }
}
