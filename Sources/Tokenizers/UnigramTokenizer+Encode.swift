extension UnigramTokenizer {
  /// Cuts `text` into tokens: the most probable way to write it in pieces.
  ///
  /// Nothing is appended: the end-of-sentence token is the caller's. A byte that is not UTF-8 reads as U+FFFD, as
  /// in sentencepiece; use ``firstInvalidUTF8(in:)`` to refuse such a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8, in bytes.
  ///   - ids: Takes the token ids.
  ///   - normalized: Scratch for the normalised text, in bytes.
  ///   - lattice: Scratch: one node more than the normalised text has bytes. Sizes: ``scratch(forTextBytes:)``.
  /// - Returns: How many ids were written.
  /// - Throws: What was too small, and how much was needed. Where it is `ids`, the first ones are there.
  /// - Complexity: O(normalised bytes × longest piece).
  public func encode(
    _ text: Span<UInt8>, into ids: inout MutableSpan<UInt32>, normalized: inout MutableSpan<UInt8>,
    lattice: inout MutableSpan<LatticeNode>
  ) throws(TokenizerError) -> Int {
    // Typed throws through closures: the result is carried out as a value.
    let result: Result<Int, TokenizerError> = unsafe text.withUnsafeBytes { text in
      unsafe ids.withUnsafeMutableBufferPointer { ids in
        unsafe normalized.withUnsafeMutableBufferPointer { normalized in
          unsafe lattice.withUnsafeMutableBufferPointer { lattice in
            unsafe encode(text, ids, normalized, lattice)
          }
        }
      }
    }
    return try result.get()
  }

  func encode(
    _ text: UnsafeRawBufferPointer, _ ids: UnsafeMutableBufferPointer<UInt32>,
    _ scratch: UnsafeMutableBufferPointer<UInt8>, _ lattice: UnsafeMutableBufferPointer<LatticeNode>,
    prefixes: Bool = true
  ) -> Result<Int, TokenizerError> {
    let code = unsafe languageCodeLength(text)
    var output = unsafe NormalizedText(scratch)
    unsafe tables.normalizer.normalize(
      UnsafeRawBufferPointer(rebasing: text[code...]), prefixes: prefixes, into: &output)
    guard output.fits else {
      return .failure(.normalizedTooLong(bytes: output.count, capacity: scratch.count))
    }
    let normalized = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(scratch)[..<output.count])
    guard normalized.count < lattice.count else {
      return .failure(.latticeTooShort(nodes: normalized.count &+ 1, capacity: lattice.count))
    }
    unsafe findBestPath(normalized, lattice)
    let codes = code > 0 ? 1 : 0
    let count = unsafe codes &+ countTokens(normalized.count, lattice)
    if code > 0, ids.count > 0 {
      unsafe ids[0] = id(ofPiece: UnsafeRawBufferPointer(rebasing: text[..<code])) ?? unknownID
    }
    unsafe writeTokens(
      normalized, lattice, count: count - codes,
      to: UnsafeMutableBufferPointer(rebasing: ids[min(codes, ids.count)...]))
    return count <= ids.count ? .success(count) : .failure(.tooManyIDs(count: count, capacity: ids.count))
  }

  /// How many bytes of a leading `>>…<<` are one token: 0 if there is none. As transformers' MarianTokenizer.
  private func languageCodeLength(_ text: UnsafeRawBufferPointer) -> Int {
    guard tables.flags.contains(.languageCodes), text.count >= 4, unsafe text[0] == 0x3E,
      unsafe text[1] == 0x3E
    else {
      return 0
    }
    for index in 2..<text.count &- 1 where unsafe text[index] == 0x3C && text[index &+ 1] == 0x3C {
      return index &+ 2
    }
    return 0
  }

  /// Viterbi: for each byte of `text`, the best token that ends there.
  ///
  /// Sums are float32 and comparisons float64, where the reference has them so: ties break alike.
  private func findBestPath(
    _ text: UnsafeRawBufferPointer, _ lattice: UnsafeMutableBufferPointer<LatticeNode>
  ) {
    let size = text.count
    for index in 0...size { unsafe lattice[index] = LatticeNode() }
    let pieces = unsafe tables.pieces
    guard let root = pieces.root else { return }
    let best = lattice.baseAddress!  // has size + 1 nodes or more
    var start = 0
    while start < size {
      let scoreHere = unsafe best[start].score
      let character = unsafe min(nominalLength(text[start]), size &- start)
      let limit = min(size, start &+ LatticeNode.longest)
      var hasSingle = false
      var cursor = root
      var end = start
      while end < limit, unsafe pieces.step(&cursor, text[end]) {
        end &+= 1
        guard let value = pieces.value(cursor) else { continue }
        let entry = value &>> 1
        guard entry < tables.entryCount else { continue }
        let length = end &- start
        let candidate = pieceScore(entry, length: length, userDefined: value & 1 != 0) + Double(scoreHere)
        if unsafe best[end].length == 0 || candidate > Double(best[end].score) {
          unsafe best[end] = LatticeNode(score: Float(candidate), entry: entry, length: length)
        }
        if length == character { hasSingle = true }
      }
      let next = start &+ character
      if !hasSingle {
        let candidate = unknownScore + scoreHere
        if unsafe best[next].length == 0 || candidate > best[next].score {
          unsafe best[next] = LatticeNode(score: candidate, entry: LatticeNode.unknown, length: character)
        }
      }
      start = next
    }
  }

  @inline(__always)
  private func pieceScore(_ entry: UInt32, length: Int, userDefined: Bool) -> Double {
    if userDefined { return Double(Float(length) * bestScore) - 0.1 }
    return unsafe Double(Float(bitPattern: u32(tables.scores, Int(truncatingIfNeeded: entry))))
  }

  /// How many ids the best path makes.
  private func countTokens(_ size: Int, _ lattice: UnsafeMutableBufferPointer<LatticeNode>) -> Int {
    var count = 0
    var end = size
    var afterUnknown = false
    while end > 0 {
      let node = unsafe lattice[end]
      guard node.length > 0, node.length <= end else { break }
      let unknown = node.entry == LatticeNode.unknown
      if unknown && tables.flags.contains(.byteFallback) {
        count &+= node.length
      } else if !(unknown && afterUnknown) {
        count &+= 1
      }
      afterUnknown = unknown
      end &-= node.length
    }
    return count
  }

  /// Writes the best path's ids, last to first, of which there are `count`: those that have a place in `ids`.
  private func writeTokens(
    _ text: UnsafeRawBufferPointer, _ lattice: UnsafeMutableBufferPointer<LatticeNode>, count: Int,
    to ids: UnsafeMutableBufferPointer<UInt32>
  ) {
    var place = count
    func write(_ id: UInt32) {
      guard place > 0 else { return }
      place &-= 1
      if place < ids.count { unsafe ids[place] = id }
    }
    var end = text.count
    while end > 0 {
      let node = unsafe lattice[end]
      guard node.length > 0, node.length <= end else { break }
      var start = end &- node.length
      if node.entry != LatticeNode.unknown {
        write(tables.id(ofEntry: node.entry))
      } else if tables.flags.contains(.byteFallback) {
        for index in (start..<end).reversed() {
          unsafe write(tables.id(ofByte: text[index]))
        }
      } else {
        start = unsafe startOfUnknownRun(endingAt: end, lattice)
        unsafe write(id(ofUnknown: UnsafeRawBufferPointer(rebasing: text[start..<end])))
      }
      end = start
    }
  }

  private func startOfUnknownRun(
    endingAt end: Int, _ lattice: UnsafeMutableBufferPointer<LatticeNode>
  ) -> Int {
    var start = end
    while start > 0 {
      let node = unsafe lattice[start]
      guard node.entry == LatticeNode.unknown, node.length > 0, node.length <= start else { break }
      start &-= node.length
    }
    return start
  }

  /// A run of unknown characters is looked up as one text, as transformers' MarianTokenizer does with its surface.
  private func id(ofUnknown run: UnsafeRawBufferPointer) -> UInt32 {
    guard tables.flags.contains(.looksUpUnknownRuns) else { return unknownID }
    return unsafe id(ofPiece: run) ?? unknownID
  }

  private func id(ofPiece text: UnsafeRawBufferPointer) -> UInt32? {
    unsafe tables.texts.entry(of: text, below: vocabularySize)
  }
}
