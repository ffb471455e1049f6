/// Takes little-endian numbers and texts out of a part of a mapped file, one after the other; nil behind its end.
struct ByteReader {
  let source: MappedSource
  /// Where the next byte lies in the file.
  private(set) var place: Int
  private let end: Int

  /// Reads `range`, which is clamped to the file.
  init(_ source: MappedSource, _ range: Range<Int>) {
    let range = range.clamped(to: 0..<source.count)
    self.source = source
    place = range.lowerBound
    end = range.upperBound
  }

  /// How many bytes are left.
  var count: Int { end - place }

  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) -> Number? {
    let size = MemoryLayout<Number>.size
    guard count >= size else { return nil }
    defer { place += size }
    return unsafe source.withBytes(place..<place + size) {
      unsafe Number(littleEndian: $0.loadUnaligned(as: type))
    }
  }

  /// The next `length` bytes.
  mutating func bytes(_ length: Int) -> [UInt8]? {
    guard length >= 0, count >= length else { return nil }
    defer { place += length }
    return unsafe source.withBytes(place..<place + length) { unsafe Array($0) }
  }

  /// The next `length` bytes, which must be UTF-8.
  mutating func text(_ length: Int) -> String? {
    bytes(length).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// The bytes up to a line feed, which is passed over, as UTF-8.
  mutating func line(longest: Int = SourceLimits.pickleLine) -> String? {
    guard
      let length = unsafe source.withBytes(
        place..<min(end, place + longest), { unsafe $0.firstIndex(of: 0x0A) }),
      let text = text(length), skip(1)
    else { return nil }
    return text
  }

  /// A reader of the next `length` bytes.
  mutating func reader(_ length: Int) -> ByteReader? {
    let start = place
    return skip(length) ? ByteReader(source, start..<start + length) : nil
  }

  /// Passes over bytes; false if there are fewer.
  mutating func skip(_ length: Int) -> Bool {
    guard length >= 0, count >= length else { return false }
    place += length
    return true
  }
}
