/// How the texts of tokens are put together.
enum DecodingStyle {
  /// As sentencepiece: `▁` is a space, the first one goes where the model put it.
  case sentencePiece
  /// As Hugging Face's Metaspace: `▁` is a space, those of the first token go.
  case metaspace
  /// The tokens' texts are bytes.
  case bytes
  /// A space between tokens, except before those that are joined.
  case words
  /// The tokens' texts, one after the other.
  case characters

  /// Whether each byte that isn't UTF-8 becomes U+FFFD, not each longest start of a character.
  var replacesEachByte: Bool { self != .bytes }
}

extension TokenTables {
  /// Appends what a token decodes to, as far as it is certain. `id` is less than ``vocabularySize``.
  func append(
    _ id: UInt32, _ style: DecodingStyle, to stream: inout TextStream, into output: inout NormalizedText
  ) {
    guard let record = unsafe texts.record(entry: id) else { return }
    if style == .sentencePiece || style == .metaspace, let byte = bytePiece(record) {
      stream.append(byte, each: true, to: &output)
      if output.count > 0 { stream.hasText = true }
      return
    }
    if style != .bytes { stream.finish(each: true, to: &output) }
    if output.count > 0 { stream.hasText = true }
    switch record.type {
    case .control: return
    case .unknown:
      unsafe stream.append(style == .words ? record.bytes : unknownSurface, to: &output)
    case .normal, .userDefined, .unused, .byte, .joined:
      switch style {
      case .sentencePiece: unsafe appendPiece(record.bytes, to: &stream, into: &output)
      case .metaspace:
        let drops = stream.isFirst && flags.contains(.addDummyPrefix)
        unsafe appendText(record.bytes, from: 0, dropsSpaces: drops, into: &output)
      case .words: appendWord(record, isFirst: stream.isFirst, into: &output)
      case .bytes, .characters:
        unsafe stream.append(record.bytes, to: &output)
      }
    }
    stream.isFirst = false
    if output.count > 0 { stream.hasText = true }
  }

  private func appendPiece(
    _ text: UnsafeRawBufferPointer, to stream: inout TextStream, into output: inout NormalizedText
  ) {
    if stream.hasText { stream.mayTakeSpace = false }
    let trims = flags.contains(.removeExtraWhitespaces)
    let takes =
      unsafe stream.mayTakeSpace && (trims || flags.contains(.addDummyPrefix)) && isSpaceSymbol(text, 0)
    unsafe appendText(text, from: takes ? 3 : 0, dropsSpaces: false, into: &output)
    // Where extra spaces are removed, those of the next pieces go too, until there is text.
    if takes && !trims { stream.mayTakeSpace = false }
  }

  private func appendText(
    _ text: UnsafeRawBufferPointer, from start: Int, dropsSpaces: Bool, into output: inout NormalizedText
  ) {
    var at = start
    while at < text.count {
      if unsafe isSpaceSymbol(text, at) {
        if !dropsSpaces { output.append(0x20) }
        at &+= 3
      } else {
        unsafe output.append(text[at])
        at &+= 1
      }
    }
  }

  private func appendWord(_ record: TextTable.Record, isFirst: Bool, into output: inout NormalizedText) {
    var at = 0
    if !isFirst {
      if record.type != .joined {
        output.append(0x20)
      } else if unsafe startsWithPrefix(record.bytes) {
        at = unsafe unknownSurface.count
      }
    }
    while unsafe at < record.bytes.count {
      unsafe output.append(record.bytes[at])
      at &+= 1
    }
  }

  private func startsWithPrefix(_ text: UnsafeRawBufferPointer) -> Bool {
    guard unsafe text.count >= unknownSurface.count else { return false }
    return unsafe equal(UnsafeRawBufferPointer(rebasing: text[..<unknownSurface.count]), unknownSurface)
  }

  /// The value of a byte token: `<0x0A>` is 10. Nil for any other token.
  private func bytePiece(_ record: TextTable.Record) -> UInt8? {
    guard flags.contains(.byteFallback), record.type == .byte, unsafe record.bytes.count == 6,
      let high = unsafe hexadecimal(record.bytes[3]), let low = unsafe hexadecimal(record.bytes[4])
    else { return nil }
    return high &<< 4 | low
  }

  private func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit &- 0x30
    case 0x41...0x46: digit &- 0x37
    default: nil
    }
  }
}

/// Whether `▁` stands at `at`.
@inline(__always)
func isSpaceSymbol(_ text: UnsafeRawBufferPointer, _ at: Int) -> Bool {
  unsafe text.count &- at >= 3 && text[at] == 0xE2 && text[at &+ 1] == 0x96 && text[at &+ 2] == 0x81
}

extension TokenTables {
  /// Puts tokens together; U+FFFD for what stays incomplete at the end.
  func decode(
    _ ids: UnsafeBufferPointer<UInt32>,
    after context: UnsafeBufferPointer<UInt32> = unsafe UnsafeBufferPointer(start: nil, count: 0),
    _ style: DecodingStyle, _ bytes: UnsafeMutableBufferPointer<UInt8>
  ) -> Result<Int, TokenizerError> {
    var stream = TextStream()
    // What does not fit is counted, and no more.
    var skipped = unsafe NormalizedText(bytes)
    for index in 0..<context.count where unsafe context[index] < UInt32(truncatingIfNeeded: vocabularySize) {
      unsafe append(context[index], style, to: &stream, into: &skipped)
    }
    var output = unsafe NormalizedText(bytes)
    for index in 0..<ids.count {
      let id = unsafe ids[index]
      guard id < UInt32(truncatingIfNeeded: vocabularySize) else {
        return .failure(.idOutOfRange(id: id, position: index, vocabulary: vocabularySize))
      }
      append(id, style, to: &stream, into: &output)
      guard output.fits else { break }
    }
    stream.finish(each: style.replacesEachByte, to: &output)
    guard output.fits else {
      return .failure(.decodedTooLong(bytes: output.count, capacity: bytes.count))
    }
    return .success(output.count)
  }

  /// How many bytes `count` ids decode to, at most: `Int.max` where that overflows.
  func decodedBytes(forIDs count: Int) -> Int {
    let (product, overflows) = max(count, 0).multipliedReportingOverflow(by: longestText)
    return overflows ? Int.max : product
  }
}
