extension UnigramTokenizer {
  /// Puts tokens together to text, as sentencepiece does.
  ///
  /// `▁` becomes a space, and the first one goes where the model put it; control tokens become nothing, the unknown
  /// token the model's unknown surface (` ⁇ `), byte tokens their bytes, with U+FFFD for each that isn't UTF-8.
  ///
  /// - Parameters:
  ///   - ids: Token ids, each less than ``vocabularySize``.
  ///   - bytes: Takes the text. ``decodedBytes(forIDs:)`` are always enough.
  /// - Returns: How many bytes were written: UTF-8 if the vocabulary's texts are.
  /// - Throws: ``TokenizerError/idOutOfRange(id:position:vocabulary:)``,
  ///   ``TokenizerError/decodedTooLong(bytes:capacity:)``.
  /// - Complexity: O(ids + bytes).
  public func decode(
    _ ids: Span<UInt32>, into bytes: inout MutableSpan<UInt8>
  ) throws(TokenizerError) -> Int {
    let result: Result<Int, TokenizerError> = unsafe ids.withUnsafeBufferPointer { ids in
      unsafe bytes.withUnsafeMutableBufferPointer { bytes in unsafe tables.decode(ids, .sentencePiece, bytes)
      }
    }
    return try result.get()
  }

  /// How many bytes ``decode(_:into:)`` can make of `count` ids: `Int.max` where that overflows.
  public func decodedBytes(forIDs count: Int) -> Int { tables.decodedBytes(forIDs: count) }
}
