/// The texts of the entries, read in place.
@safe struct TextTable {
  /// Where the texts of entries 0, 16, 32 … start.
  let index: UnsafeRawBufferPointer
  /// The texts, each behind its length and type.
  let texts: UnsafeRawBufferPointer
  /// How many entries.
  let count: UInt32

  /// An entry's text and type, and where the next one starts in the table of texts.
  @safe struct Record {
    let type: PieceType
    let bytes: UnsafeRawBufferPointer
    let end: Int
  }

  /// The record of `entry`, or nil if the tables contradict each other.
  func record(entry: UInt32) -> Record? {
    let place = Int(truncatingIfNeeded: entry)
    guard entry < count else { return nil }
    let start = unsafe u32(index, place / SectionHeader.entriesPerIndex)
    guard unsafe start < UInt32(truncatingIfNeeded: texts.count) else { return nil }
    var at = Int(truncatingIfNeeded: start)
    for _ in 0..<place & (SectionHeader.entriesPerIndex &- 1) {
      guard let record = record(at: at) else { return nil }
      at = record.end
    }
    return record(at: at)
  }

  /// The record that starts at byte `at` (0 or more) of the table of texts.
  ///
  /// A byte below 128 is the length of a normal piece. Otherwise its bits 4–6 are the type, its bits 0–3 and the
  /// next byte the length.
  @inline(__always)
  func record(at place: Int) -> Record? {
    var at = place
    guard unsafe at < texts.count else { return nil }
    let first = unsafe texts[at]
    at &+= 1
    var type = PieceType.normal
    var length = Int(truncatingIfNeeded: first)
    if first >= 0x80 {
      guard unsafe at < texts.count, let stated = PieceType(rawValue: first &>> 4 & 7) else { return nil }
      type = stated
      length = unsafe Int(truncatingIfNeeded: first & 0xF) &<< 8 | Int(truncatingIfNeeded: texts[at])
      at &+= 1
    }
    guard unsafe length <= texts.count &- at else { return nil }
    let end = at &+ length
    return unsafe Record(type: type, bytes: UnsafeRawBufferPointer(rebasing: texts[at..<end]), end: end)
  }

  /// The first entry below `limit` whose text is exactly `text`, or nil.
  func entry(of text: UnsafeRawBufferPointer, below limit: Int) -> UInt32? {
    var at = 0
    for entry in 0..<UInt32(truncatingIfNeeded: limit) {
      guard let record = record(at: at) else { return nil }
      if unsafe equal(record.bytes, text) { return entry }
      at = record.end
    }
    return nil
  }
}

/// Whether two texts are the same bytes.
@inline(__always)
func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard left.count == right.count else { return false }
  for index in 0..<left.count where unsafe left[index] != right[index] { return false }
  return true
}
