import SwiftletPlatform

/// Reads 32-bit fields one after another, each against the range that it may have. The many calls are small because
/// nothing of it is inlined, errors above all.
@safe struct FieldReader {
  let bytes: UnsafeRawBufferPointer
  /// Where the bytes lie in the file, for errors.
  let place: Int
  private var offset = 0

  init(bytes: UnsafeRawBufferPointer, place: Int) {
    unsafe self.bytes = bytes
    self.place = place
  }

  @inline(never)
  mutating func next(_ name: StaticText, _ range: ClosedRange<Int>) throws(ModelFileError) -> Int {
    let value = Int(truncatingIfNeeded: try nextWord())
    guard range.contains(value) else {
      throw .field(name, value: value, most: range.upperBound, least: Int32(range.lowerBound))
    }
    return value
  }

  @inline(never)
  mutating func nextFloat(
    _ name: StaticText, _ range: ClosedRange<Float>
  ) throws(ModelFileError) -> Float {
    let word = try nextWord()
    let value = Float(bitPattern: word)
    guard range.contains(value) else { throw .floatField(name, bits: word) }
    return value
  }

  mutating func expectZeros(to end: Int) throws(ModelFileError) {
    while offset < end {
      let at = place + offset
      guard try nextWord() == 0 else { throw .reserved(offset: at) }
    }
  }

  @inline(never)
  mutating func nextWord() throws(ModelFileError) -> UInt32 {
    guard unsafe offset + 4 <= bytes.count else {
      throw unsafe .truncated(needed: place + offset + 4, size: place + bytes.count)
    }
    defer { offset += 4 }
    return unsafe bytes.littleEndian(at: offset, as: UInt32.self)
  }
}
