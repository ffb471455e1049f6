extension UnigramTokenizer {
  /// The text of a vocabulary entry, as the vocabulary has it: `▁` for a space, `<0x0A>` for a byte.
  ///
  /// - Parameter id: A token id.
  /// - Returns: UTF-8; empty if `id` isn't less than ``vocabularySize``.
  /// - Complexity: Steps over 15 texts at most.
  @_lifetime(borrow self)
  public func pieceText(_ id: UInt32) -> Span<UInt8> {
    let known = id < UInt32(truncatingIfNeeded: vocabularySize)
    let bytes = known ? record(entry: id)?.bytes : nil
    let text = bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    let span = Span<UInt8>(_unsafeBytes: text)
    // The section outlives this view, as `init(section:)` asks.
    return _overrideLifetime(span, borrowing: self)
  }

  /// What the token is for: ``PieceType/normal`` if `id` isn't less than ``vocabularySize``.
  public func pieceType(_ id: UInt32) -> PieceType {
    guard id < UInt32(truncatingIfNeeded: vocabularySize) else { return .normal }
    return record(entry: id)?.type ?? .normal
  }

  /// The id of the vocabulary entry whose text is exactly `text`, or nil.
  ///
  /// - Complexity: O(vocabulary): steps over all texts, comparing lengths first.
  public func id(ofPiece text: Span<UInt8>) -> UInt32? {
    text.withUnsafeBufferPointer { id(ofPiece: UnsafeRawBufferPointer($0)) }
  }

  func id(ofPiece text: UnsafeRawBufferPointer) -> UInt32? {
    var at = 0
    for entry in 0..<UInt32(truncatingIfNeeded: vocabularySize) {
      guard let record = textRecord(at: at) else { return nil }
      if equal(record.bytes, text) { return entry }
      at = record.end
    }
    return nil
  }

  /// An entry's text and type, and where the next one starts in the table of texts.
  struct TextRecord {
    let type: PieceType
    let bytes: UnsafeRawBufferPointer
    let end: Int
  }

  /// The record of `entry`, or nil if the tables contradict each other.
  func record(entry: UInt32) -> TextRecord? {
    let index = Int(truncatingIfNeeded: entry)
    guard entry < entryCount else { return nil }
    let start = u32(textIndex, index / SectionHeader.entriesPerIndex)
    guard start < UInt32(truncatingIfNeeded: texts.count) else { return nil }
    var at = Int(truncatingIfNeeded: start)
    for _ in 0..<index & (SectionHeader.entriesPerIndex &- 1) {
      guard let record = textRecord(at: at) else { return nil }
      at = record.end
    }
    return textRecord(at: at)
  }

  /// The record that starts at byte `at` (0 or more) of the table of texts.
  ///
  /// A byte below 128 is the length of a normal piece. Otherwise its bits 4–6 are the type, its bits 0–3 and the
  /// next byte the length.
  @inline(__always)
  func textRecord(at place: Int) -> TextRecord? {
    var at = place
    guard at < texts.count else { return nil }
    let first = texts[at]
    at &+= 1
    var type = PieceType.normal
    var length = Int(truncatingIfNeeded: first)
    if first >= 0x80 {
      guard at < texts.count, let stated = PieceType(rawValue: first &>> 4 & 7) else { return nil }
      type = stated
      length = Int(truncatingIfNeeded: first & 0xF) &<< 8 | Int(truncatingIfNeeded: texts[at])
      at &+= 1
    }
    guard length <= texts.count &- at else { return nil }
    let end = at &+ length
    return TextRecord(type: type, bytes: UnsafeRawBufferPointer(rebasing: texts[at..<end]), end: end)
  }
}

/// Whether two texts are the same bytes.
@inline(__always)
func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard left.count == right.count else { return false }
  for index in 0..<left.count where left[index] != right[index] { return false }
  return true
}
