extension Tokenizer {
  /// Makes token ids of `text`, with what the template puts around it.
  ///
  /// Bytes that are not UTF-8 are read as U+FFFD, or by byte-level pairs as they are; use ``firstInvalidUTF8(in:)`` to
  /// refuse such a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8, in bytes.
  ///   - usesTemplate: Whether the tokens around the text are wanted (`[CLS]`, `</s>` …).
  ///   - language: What the template's language token is, if not what the model says.
  ///   - truncates: Whether a text that makes too many tokens is cut, so that those of the template have room.
  ///   - ids: Takes the token ids.
  ///   - normalized: Scratch for the normalised text, in bytes.
  ///   - lattice: Scratch to cut text in. Sizes: ``scratch(forTextBytes:)``.
  /// - Returns: How many ids were written.
  /// - Throws: What was too small, and how much was needed.
  /// - Complexity: Unigram O(bytes × longest piece), byte pairs O(bytes × log bytes × longest token), else O(bytes).
  @inline(never)
  public func encode(
    _ text: Span<UInt8>, usesTemplate: Bool = true, language: UInt32? = nil, truncates: Bool = false,
    into ids: inout MutableSpan<UInt32>, normalized: inout MutableSpan<UInt8>,
    lattice: inout MutableSpan<LatticeNode>
  ) throws(TokenizerError) -> Int {
    // Typed throws through closures: the result is carried out as a value.
    let result: Result<Int, TokenizerError> = unsafe text.withUnsafeBytes { text in
      unsafe ids.withUnsafeMutableBufferPointer { ids in
        unsafe normalized.withUnsafeMutableBufferPointer { normalized in
          unsafe lattice.withUnsafeMutableBufferPointer { lattice in
            var list = unsafe IDList(ids, limit: vocabularySize)
            let scratch = unsafe Scratch(bytes: normalized, nodes: lattice)
            if unsafe usesTemplate && template.count(pair: false) > 0 {
              return unsafe encode(
                text, nil, language, scratch, truncates: truncates, into: &list, segments: nil)
            }
            let error = unsafe encode(text, scratch, into: &list)
            return unsafe finish(truncates ? list.cut(to: list.ids.count, error) : error, list)
          }
        }
      }
    }
    return try result.get()
  }

  /// Makes token ids of two texts, as the template puts them together, and says to which segment each belongs.
  ///
  /// - Parameters:
  ///   - truncates: Whether texts that make too many tokens are cut: the second, and the first if it alone is too long.
  ///   - segments: Takes the segment of each id: BERT's token types. At least as long as `ids`.
  /// - Returns: How many ids and segments were written: 0 if the template has no list for pairs.
  /// - Throws: What was too small, and how much was needed.
  public func encodePair(
    _ first: Span<UInt8>, _ second: Span<UInt8>, truncates: Bool = false,
    into ids: inout MutableSpan<UInt32>,
    segments: inout MutableSpan<UInt8>, normalized: inout MutableSpan<UInt8>,
    lattice: inout MutableSpan<LatticeNode>
  ) throws(TokenizerError) -> Int {
    let room = min(ids.count, segments.count)
    let result: Result<Int, TokenizerError> = unsafe first.withUnsafeBytes { first in
      unsafe second.withUnsafeBytes { second in
        unsafe ids.withUnsafeMutableBufferPointer { ids in
          unsafe segments.withUnsafeMutableBufferPointer { segments in
            unsafe normalized.withUnsafeMutableBufferPointer { normalized in
              unsafe lattice.withUnsafeMutableBufferPointer { lattice in
                var list = unsafe IDList(
                  UnsafeMutableBufferPointer(rebasing: ids[..<room]), limit: vocabularySize)
                return unsafe encode(
                  first, second, nil, Scratch(bytes: normalized, nodes: lattice), truncates: truncates,
                  into: &list, segments: segments)
              }
            }
          }
        }
      }
    }
    return try result.get()
  }

  /// What encoding works in.
  @safe struct Scratch {
    let bytes: UnsafeMutableBufferPointer<UInt8>
    let nodes: UnsafeMutableBufferPointer<LatticeNode>
  }

  private func finish(_ error: TokenizerError?, _ ids: IDList) -> Result<Int, TokenizerError> {
    if let error { return .failure(error) }
    guard unsafe ids.count <= ids.ids.count else {
      return unsafe .failure(.tooManyIDs(count: ids.count, capacity: ids.ids.count))
    }
    return .success(ids.count)
  }

  @inline(never)
  private func encode(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer?, _ language: UInt32?,
    _ scratch: Scratch, truncates: Bool, into ids: inout IDList, segments: UnsafeMutableBufferPointer<UInt8>?
  ) -> Result<Int, TokenizerError> {
    for index in unsafe 0..<template.count(pair: second != nil) {
      guard let item = unsafe template.item(index, pair: second != nil) else { continue }
      let start = ids.count
      var error: TokenizerError?
      switch item.kind {
      case .token: ids.append(item.id)
      case .language: ids.append(language ?? item.id)
      case .first: error = unsafe encode(first, scratch, into: &ids)
      case .second: if let second = unsafe second { error = unsafe encode(second, scratch, into: &ids) }
      }
      if truncates, item.kind == .first || item.kind == .second {
        let room = unsafe ids.ids.count &- template.tokens(after: index, pair: second != nil)
        error = ids.cut(to: max(start, room), error)
      } else if case .tooManyIDs(let count, _) = error {
        // The template's tokens count among those that are too many.
        ids.count = count
        error = nil
      }
      if let error { return .failure(error) }
      if let segments = unsafe segments {
        let end = min(ids.count, segments.count)
        for place in min(start, end)..<end { unsafe segments[place] = item.segment }
      }
    }
    return finish(nil, ids)
  }

  /// Encodes one text: finds the added tokens in it, and cuts what is between them.
  @inline(never)
  private func encode(
    _ text: UnsafeRawBufferPointer, _ scratch: Scratch, into ids: inout IDList
  ) -> TokenizerError? {
    var start = 0
    while true {
      let match = unsafe addedTokens.first(in: text, start, text.count)
      let end = match?.start ?? text.count
      if end > start {
        let part = unsafe UnsafeRawBufferPointer(rebasing: text[start..<end])
        if let error = unsafe encodePart(part, isFirst: start == 0, scratch, into: &ids) { return error }
      }
      guard let match else { return nil }
      ids.append(match.id)
      start = match.end
    }
  }

  private func encodePart(
    _ text: UnsafeRawBufferPointer, isFirst: Bool, _ scratch: Scratch, into ids: inout IDList
  ) -> TokenizerError? {
    let prefixes = unsafe addsPrefix(text, isFirst: isFirst)
    if let unigram {
      let before = ids.count
      switch unsafe unigram.encode(text, ids.rest, scratch.bytes, scratch.nodes, prefixes: prefixes) {
      case .success(let count): ids.count &+= count
      case .failure(.tooManyIDs(let count, _)):
        return unsafe .tooManyIDs(count: before &+ count, capacity: ids.ids.count)
      case .failure(let error): return error
      }
      return nil
    }
    // The first byte is kept free for a space in front.
    var output = unsafe NormalizedText(scratch.bytes)
    output.append(0x20)
    unsafe normalize(text, prefixes: prefixes, scratch, into: &output)
    guard output.fits else {
      return unsafe .normalizedTooLong(bytes: output.count, capacity: scratch.bytes.count)
    }
    let nodes = kind == .bytePairs ? PairMerging.nodes(forBytes: output.count) : 0
    guard unsafe nodes <= scratch.nodes.count else {
      return unsafe .latticeTooShort(nodes: nodes, capacity: scratch.nodes.count)
    }
    encodeNormalized(output.count, scratch, into: &ids)
    return nil
  }

  private func addsPrefix(_ text: UnsafeRawBufferPointer, isFirst: Bool) -> Bool {
    if options.contains(.prefixesFirstOnly) && !isFirst { return false }
    return unsafe !(options.contains(.prefixesUnlessPresent) && (text[0] == 0x20 || isSpaceSymbol(text, 0)))
  }

  private func normalize(
    _ text: UnsafeRawBufferPointer, prefixes: Bool, _ scratch: Scratch, into output: inout NormalizedText
  ) {
    switch kind {
    case .unigram, .characters:
      unsafe output.append(text)
    case .wordPieces:
      unsafe tables.normalizer.replaceCharacters(
        text, decomposesHangul: options.contains(.decomposesHangul), classes: classes, into: &output)
    case .bytePairs where options.contains(.bytes):
      let start = output.count
      if options.contains(.composes) {
        unsafe CanonicalComposition(
          decompositions: tables.normalizer, compositions: compositions, combiningClasses: combiningClasses
        ).normalize(text, into: &output, scratch.nodes)
      } else {
        unsafe output.append(text)
      }
      // The trie has no zero byte. 0xC0, which no UTF-8 has, stands for it, and it for 0xC0.
      for index in unsafe start..<max(start, min(output.count, scratch.bytes.count)) {
        unsafe scratch.bytes[index] = withoutZero(scratch.bytes[index])
      }
    case .bytePairs:
      unsafe tables.normalizer.normalize(text, prefixes: prefixes, into: &output)
    }
  }

  /// Encodes the scratch's bytes from 1 to `end`: finds the added tokens in it, and cuts what is between them.
  private func encodeNormalized(_ end: Int, _ scratch: Scratch, into ids: inout IDList) {
    let text = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(scratch.bytes)[..<end])
    var start = 1
    while true {
      let match = unsafe addedNormalizedTokens.first(in: text, start, end)
      let stop = match?.start ?? end
      if stop > start {
        if options.contains(.addsSpace), unsafe text[start] != 0x20 {
          // What lies before is used up.
          start &-= 1
          unsafe scratch.bytes[start] = 0x20
        }
        unsafe cut(UnsafeRawBufferPointer(rebasing: text[start..<stop]), scratch, into: &ids)
      }
      guard let match else { return }
      ids.append(match.id)
      start = match.end
    }
  }

  /// Cuts normalised text into words, and these into tokens.
  private func cut(_ text: UnsafeRawBufferPointer, _ scratch: Scratch, into ids: inout IDList) {
    switch kind {
    case .unigram: break
    case .bytePairs: unsafe cutPairs(text, scratch, into: &ids)
    case .wordPieces:
      unsafe WordPieces(tables: tables, classes: classes, longestWord: longestWord).encode(text, into: &ids)
    case .characters:
      var at = 0
      while at < text.count {
        let length = unsafe character(text, at).length
        let id = unsafe tables.entry(of: text, at, length).map { tables.id(ofEntry: $0) } ?? tables.unknownID
        ids.append(id)
        at &+= length
      }
    }
  }
}

/// Zero and 0xC0 changed places: a double array's keys have no zero.
@inline(__always)
func withoutZero(_ byte: UInt8) -> UInt8 { byte == 0 ? 0xC0 : byte == 0xC0 ? 0 : byte }
