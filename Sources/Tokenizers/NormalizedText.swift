/// Where the normaliser writes: counts what doesn't fit, so that an error can say how much was needed.
@safe struct NormalizedText {
  let bytes: UnsafeMutableBufferPointer<UInt8>
  /// How many bytes were written, or would have been.
  var count = 0

  init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { unsafe self.bytes = bytes }

  var fits: Bool { unsafe count <= bytes.count }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    // Within bounds: checked here.
    if unsafe count < bytes.count { unsafe bytes[count] = byte }
    count &+= 1
  }

  mutating func append(_ text: UnsafeRawBufferPointer) {
    for index in 0..<text.count { unsafe append(text[index]) }
  }

  /// U+2581, `▁`: what a space becomes.
  @inline(__always)
  mutating func appendSpaceSymbol() {
    append(0xE2)
    append(0x96)
    append(0x81)
  }

  @inline(__always)
  func endsWithSpaceSymbol() -> Bool {
    unsafe count >= 3 && bytes[count &- 3] == 0xE2 && bytes[count &- 2] == 0x96 && bytes[count &- 1] == 0x81
  }
}
