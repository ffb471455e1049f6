extension Tokenizer {
  /// Cuts text into words, and merges each word's symbols.
  func cutPairs(_ text: UnsafeRawBufferPointer, _ scratch: Scratch, into ids: inout IDList) {
    let pairs = unsafe PairMerging(
      tables: tables, mergeStarts: mergeStarts, merges: merges, startsWithBytes: options.contains(.bytes))
    var start = 0
    while start < text.count {
      let part = unsafe options.contains(.isolatesDigits) ? partEnd(text, start) : text.count
      let splitter = unsafe WordSplitter(split: split, classes: classes, text: text, end: part)
      while start < part {
        var end = splitter.wordEnd(start)
        if options.contains(.splitsAtSpaceSymbols) { end = unsafe spaceSymbol(text, start) }
        unsafe encodeWord(UnsafeRawBufferPointer(rebasing: text[start..<end]), pairs, scratch, into: &ids)
        start = end
      }
    }
  }

  /// Where the next `▁` after `start` is, or the end.
  private func spaceSymbol(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var at = start &+ 1
    while at < text.count, unsafe !isSpaceSymbol(text, at) { at &+= 1 }
    return at
  }

  /// Where what starts at `start` ends: one number, or all up to the next one.
  private func partEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var at = start
    while at < text.count {
      let (scalar, length) = unsafe character(text, at)
      if unsafe classes.characterClass(scalar) == .number { return at == start ? at &+ length : at }
      at &+= length
    }
    return at
  }

  private func encodeWord(
    _ text: UnsafeRawBufferPointer, _ pairs: PairMerging, _ scratch: Scratch, into ids: inout IDList
  ) {
    if options.contains(.ignoresMerges), text.count <= LatticeNode.longest,
      let entry = unsafe tables.entry(of: text, 0, text.count)
    {
      return ids.append(tables.id(ofEntry: entry))
    }
    let word = unsafe PairMerging.Word(text, scratch.nodes)
    pairs.merge(word)
    var at = 0
    var afterUnknown = false
    while at < text.count {
      let length = max(word.length(at), 1)
      let known = unsafe append(text, at, min(length, text.count &- at), into: &ids)
      if !known && !(afterUnknown && options.contains(.fusesUnknown)) {
        ids.append(tables.unknownID)
      }
      afterUnknown = !known
      at &+= length
    }
  }

  /// Appends the token of a symbol, or the tokens of its bytes. Returns false if it is unknown.
  private func append(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ length: Int, into ids: inout IDList
  ) -> Bool {
    if options.contains(.bytes) && length == 1 {
      let entry = unsafe u32(tables.bytePieces, Int(truncatingIfNeeded: withoutZero(text[start])))
      guard entry != TokenTables.noID else { return false }
      ids.append(tables.id(ofEntry: entry))
      return true
    }
    if let entry = unsafe tables.entry(of: text, start, length) {
      ids.append(tables.id(ofEntry: entry))
      return true
    }
    guard tables.flags.contains(.byteFallback) else { return false }
    for index in start..<start &+ length { unsafe ids.append(tables.id(ofByte: text[index])) }
    return true
  }
}
