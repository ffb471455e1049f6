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
    let result: Result<Int, TokenizerError> = ids.withUnsafeBufferPointer { ids in
      bytes.withUnsafeMutableBufferPointer { bytes in decode(ids, bytes) }
    }
    return try result.get()
  }

  /// How many bytes ``decode(_:into:)`` can make of `count` ids: `Int.max` where that overflows.
  public func decodedBytes(forIDs count: Int) -> Int {
    let (product, overflows) = max(count, 0).multipliedReportingOverflow(by: longestText)
    return overflows ? Int.max : product
  }

  private func decode(
    _ ids: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeMutableBufferPointer<UInt8>
  ) -> Result<Int, TokenizerError> {
    var output = NormalizedText(bytes)
    var index = 0
    var atStart = true
    var spaceTaken = false
    while index < ids.count {
      let id = ids[index]
      guard id < UInt32(truncatingIfNeeded: vocabularySize) else {
        return .failure(.idOutOfRange(id: id, position: index, vocabulary: vocabularySize))
      }
      if bytePiece(id) != nil {
        index &+= appendCharacter(ids, index, to: &output)
      } else {
        if spaceTaken || output.count > 0 { atStart = false }
        spaceTaken = append(id, atStart: atStart, to: &output)
        index &+= 1
      }
      guard output.fits else {
        return .failure(.decodedTooLong(bytes: output.count, capacity: bytes.count))
      }
    }
    return .success(output.count)
  }

  /// Appends what a token decodes to that is no byte. Returns whether it gave its `▁` for the dummy prefix.
  private func append(_ id: UInt32, atStart: Bool, to output: inout NormalizedText) -> Bool {
    guard let record = record(entry: id) else { return false }
    switch record.type {
    case .control:
      return false
    case .unknown:
      for byte in unknownSurface { output.append(byte) }
      return false
    case .normal, .userDefined, .unused, .byte:
      break
    }
    let trims = flags.contains(.removeExtraWhitespaces)
    let takes = atStart && (trims || flags.contains(.addDummyPrefix)) && isSpaceSymbol(record.bytes, 0)
    appendText(record.bytes, from: takes ? 3 : 0, to: &output)
    // Where extra spaces are removed, those of the next pieces go too, until there is text.
    return takes && !trims
  }

  private func appendText(_ text: UnsafeRawBufferPointer, from start: Int, to output: inout NormalizedText) {
    var at = start
    while at < text.count {
      if isSpaceSymbol(text, at) {
        output.append(0x20)
        at &+= 3
      } else {
        output.append(text[at])
        at &+= 1
      }
    }
  }

  /// Whether `▁` stands at `at`.
  private func isSpaceSymbol(_ text: UnsafeRawBufferPointer, _ at: Int) -> Bool {
    text.count &- at >= 3 && text[at] == 0xE2 && text[at &+ 1] == 0x96 && text[at &+ 2] == 0x81
  }

  /// The value of a byte token: `<0x0A>` is 10. Nil for any other token.
  private func bytePiece(_ id: UInt32) -> UInt8? {
    guard flags.contains(.byteFallback), let record = record(entry: id), record.type == .byte,
      record.bytes.count == 6
    else { return nil }
    guard let high = hexadecimal(record.bytes[3]), let low = hexadecimal(record.bytes[4]) else { return nil }
    return high &<< 4 | low
  }

  private func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit &- 0x30
    case 0x41...0x46: digit &- 0x37
    default: nil
    }
  }

  /// Appends the character that the byte tokens from `index` on make, or U+FFFD for the first alone.
  /// Returns how many tokens it took: 1 or more.
  private func appendCharacter(
    _ ids: UnsafeBufferPointer<UInt32>, _ index: Int, to output: inout NormalizedText
  ) -> Int {
    var word: UInt32 = 0
    var count = 0
    while count < 4, index &+ count < ids.count, let byte = bytePiece(ids[index &+ count]) {
      word |= UInt32(byte) &<< UInt32(truncatingIfNeeded: 8 &* count)
      count &+= 1
    }
    return withUnsafeBytes(of: word.littleEndian) { bytes in
      let bytes = UnsafeRawBufferPointer(rebasing: bytes[..<count])
      let length = wellFormedLength(bytes, 0)
      guard length > 0 else {
        output.append(0xEF)
        output.append(0xBF)
        output.append(0xBD)
        return 1
      }
      for index in 0..<length { output.append(bytes[index]) }
      return length
    }
  }
}
