extension UnigramTokenizer {
  /// The text of a vocabulary entry, as the vocabulary has it: `▁` for a space, `<0x0A>` for a byte.
  ///
  /// - Parameter id: A token id.
  /// - Returns: UTF-8; empty if `id` isn't less than ``vocabularySize``.
  /// - Complexity: Steps over 15 texts at most.
  @_lifetime(borrow self)
  public func pieceText(_ id: UInt32) -> Span<UInt8> {
    let span = unsafe Span<UInt8>(_unsafeBytes: tables.text(ofID: id))
    // The section outlives this view, as `init(section:)` asks.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// What the token is for: ``PieceType/normal`` if `id` isn't less than ``vocabularySize``.
  public func pieceType(_ id: UInt32) -> PieceType { tables.type(ofID: id) }

  /// The id of the vocabulary entry whose text is exactly `text`, or nil.
  ///
  /// - Complexity: O(vocabulary): steps over all texts, comparing lengths first.
  public func id(ofPiece text: Span<UInt8>) -> UInt32? {
    unsafe text.withUnsafeBytes { unsafe tables.texts.entry(of: $0, below: vocabularySize) }
  }
}

extension TokenTables {
  /// The text of a token; empty if there is no such token.
  @inline(never)
  func text(ofID id: UInt32) -> UnsafeRawBufferPointer {
    let known = id < UInt32(truncatingIfNeeded: vocabularySize)
    return unsafe (known ? texts.record(entry: id)?.bytes : nil)
      ?? UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// What a token is for; normal if there is no such token.
  func type(ofID id: UInt32) -> PieceType {
    guard id < UInt32(truncatingIfNeeded: vocabularySize) else { return .normal }
    return unsafe texts.record(entry: id)?.type ?? .normal
  }
}
