extension Tokenizer {
  /// Puts tokens together to text.
  ///
  /// Control tokens become nothing, bytes that are no UTF-8 become U+FFFD.
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
      unsafe bytes.withUnsafeMutableBufferPointer { bytes in unsafe tables.decode(ids, decodingStyle, bytes) }
    }
    return try result.get()
  }

  /// Puts tokens together to text, as what goes on from the tokens of `context`, whose own text is left out: a `▁` that
  /// would go at the start of a text is then a space.
  ///
  /// - Throws: As ``decode(_:into:)``.
  /// - Complexity: O(ids + context + bytes).
  public func decode(
    _ ids: Span<UInt32>, after context: Span<UInt32>, into bytes: inout MutableSpan<UInt8>
  ) throws(TokenizerError) -> Int {
    let result: Result<Int, TokenizerError> = unsafe ids.withUnsafeBufferPointer { ids in
      unsafe context.withUnsafeBufferPointer { context in
        unsafe bytes.withUnsafeMutableBufferPointer {
          unsafe tables.decode(ids, after: context, decodingStyle, $0)
        }
      }
    }
    return try result.get()
  }

  /// How many bytes ``decode(_:into:)`` can make of `count` ids: `Int.max` where that overflows.
  public func decodedBytes(forIDs count: Int) -> Int { tables.decodedBytes(forIDs: count) }

  /// Puts one more token behind a text: writes the bytes that are certain now. Characters are never cut: what begins
  /// one waits in `stream` for the tokens that end it.
  ///
  /// - Parameters:
  ///   - id: The token, less than ``vocabularySize``.
  ///   - stream: What came before; as it was if this throws.
  ///   - bytes: Takes the bytes: ``longestText`` + 9 are always enough.
  /// - Returns: How many bytes were written.
  /// - Throws: ``TokenizerError/idOutOfRange(id:position:vocabulary:)`` (position 0),
  ///   ``TokenizerError/decodedTooLong(bytes:capacity:)``.
  public func append(
    _ id: UInt32, to stream: inout TextStream, into bytes: inout MutableSpan<UInt8>
  ) throws(TokenizerError) -> Int {
    guard id < UInt32(truncatingIfNeeded: vocabularySize) else {
      throw .idOutOfRange(id: id, position: 0, vocabulary: vocabularySize)
    }
    var next = stream
    let count = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      var output = unsafe NormalizedText(bytes)
      tables.append(id, decodingStyle, to: &next, into: &output)
      return output.count
    }
    guard count <= bytes.count else { throw .decodedTooLong(bytes: count, capacity: bytes.count) }
    stream = next
    return count
  }

  /// Ends a text: writes U+FFFD for a character that stayed incomplete.
  ///
  /// - Returns: How many bytes were written: at most 9.
  /// - Throws: ``TokenizerError/decodedTooLong(bytes:capacity:)``.
  public func finish(
    _ stream: inout TextStream, into bytes: inout MutableSpan<UInt8>
  ) throws(TokenizerError) -> Int {
    var next = stream
    let count = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      var output = unsafe NormalizedText(bytes)
      next.finish(each: decodingStyle.replacesEachByte, to: &output)
      return output.count
    }
    guard count <= bytes.count else { throw .decodedTooLong(bytes: count, capacity: bytes.count) }
    stream = next
    return count
  }

  private var decodingStyle: DecodingStyle {
    switch kind {
    case _ where options.contains(.dropsFirstSpaces): .metaspace
    case .unigram: .sentencePiece
    case .bytePairs: options.contains(.bytes) ? .bytes : .sentencePiece
    case .wordPieces: .words
    case .characters: .characters
    }
  }
}
