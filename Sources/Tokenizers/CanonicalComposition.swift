/// Unicode's normalisation form NFC, by tables of the section.
///
/// - SeeAlso: Unicode Standard Annex #15; The Unicode Standard, section 3.11.
struct CanonicalComposition {
  /// Its rules are the canonical decompositions.
  let decompositions: Normalizer
  /// Pairs of characters in UTF-8; a value is the character that they compose to.
  let compositions: DoubleArray
  /// The canonical combining class of each character.
  let combiningClasses: CharacterRuns

  /// Bytes that are no UTF-8 pass as characters above the last one.
  private static var stray: UInt32 { 0x0011_0000 }

  /// Appends `text` in form NFC.
  ///
  /// - Parameter nodes: Scratch, a node for each byte of the decomposed text.
  /// - Complexity: O(bytes): a long run of marks costs 254 steps a mark.
  func normalize(
    _ text: UnsafeRawBufferPointer, into output: inout NormalizedText,
    _ nodes: UnsafeMutableBufferPointer<LatticeNode>
  ) {
    var isLatin = true
    for index in 0..<text.count where unsafe text[index] >= 0xCC { isLatin = false }
    guard !isLatin else {
      unsafe output.append(text)
      return
    }
    let start = output.count
    unsafe decompositions.replaceCharacters(text, decomposesHangul: true, into: &output)
    guard output.fits, output.count &- start <= nodes.count else { return }
    let count = unsafe readCharacters(output, start, nodes)
    unsafe sortMarks(nodes, count)
    output.count = start
    for index in unsafe 0..<compose(nodes, count) {
      let scalar = unsafe nodes[index].first
      if scalar >= Self.stray {
        output.append(UInt8(truncatingIfNeeded: scalar))
      } else {
        output.append(scalar: scalar)
      }
    }
  }

  /// Writes each character and its class into a node; returns how many.
  private func readCharacters(
    _ text: NormalizedText, _ start: Int, _ nodes: UnsafeMutableBufferPointer<LatticeNode>
  ) -> Int {
    let bytes = unsafe UnsafeRawBufferPointer(
      UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(text.bytes)[..<text.count]))
    var at = start
    var count = 0
    while at < bytes.count {
      var (scalar, length) = unsafe character(bytes, at)
      if length == 1 && scalar >= 0x80 { scalar = unsafe Self.stray | UInt32(bytes[at]) }
      unsafe nodes[count] = LatticeNode(first: scalar, second: UInt32(combiningClasses.value(scalar)))
      at &+= length
      count &+= 1
    }
    return count
  }

  /// Puts the marks behind each character into the order of their classes; marks of one class stay as they are.
  private func sortMarks(_ nodes: UnsafeMutableBufferPointer<LatticeNode>, _ count: Int) {
    var start = 0
    while start < count {
      var end = start
      while end < count, unsafe nodes[end].second != 0 { end &+= 1 }
      if end &- start > 1 { unsafe sortRun(nodes, start, end) }
      start = end &+ 1
    }
  }

  private func sortRun(_ nodes: UnsafeMutableBufferPointer<LatticeNode>, _ start: Int, _ end: Int) {
    if end &- start <= 32 {
      for index in start &+ 1..<end {
        let node = unsafe nodes[index]
        var place = index
        while place > start, unsafe nodes[place &- 1].second > node.second {
          unsafe nodes[place] = nodes[place &- 1]
          place &-= 1
        }
        unsafe nodes[place] = node
      }
      return
    }
    // By insertion, a hostile run would take its length squared. A class and its marks: class and character are
    // packed into the first word, and gathered into the second class by class.
    for index in start..<end { unsafe nodes[index].first |= nodes[index].second &<< 24 }
    var place = start
    for kind in 1...UInt32(255) {
      for index in start..<end where unsafe nodes[index].first &>> 24 == kind {
        unsafe nodes[place].second = unsafe nodes[index].first
        place &+= 1
      }
    }
    for index in start..<end {
      let packed = unsafe nodes[index].second
      unsafe nodes[index] = LatticeNode(first: packed & 0xFF_FFFF, second: packed &>> 24)
    }
  }

  /// Composes what composes; returns how many characters are left.
  private func compose(_ nodes: UnsafeMutableBufferPointer<LatticeNode>, _ count: Int) -> Int {
    var starter: Int?
    var last = -1
    var end = 0
    for index in 0..<count {
      let node = unsafe nodes[index]
      let kind = Int(truncatingIfNeeded: node.second)
      if let starter, last < kind, let whole = unsafe composed(nodes[starter].first, node.first) {
        unsafe nodes[starter].first = whole
        continue
      }
      if kind == 0 { starter = end }
      last = kind == 0 ? -1 : kind
      unsafe nodes[end] = node
      end &+= 1
    }
    return end
  }

  private func composed(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if let syllable = Hangul.compose(first, second) { return syllable }
    guard second >= 0x300, var cursor = compositions.root, step(&cursor, first), step(&cursor, second) else {
      return nil
    }
    guard let value = compositions.value(cursor), value < Self.stray, value & 0x1F_F800 != 0xD800 else {
      return nil
    }
    return value
  }

  private func step(_ cursor: inout DoubleArray.Cursor, _ scalar: UInt32) -> Bool {
    var word: UInt32 = 0
    return unsafe withUnsafeMutableBytes(of: &word) { bytes in
      var text = unsafe NormalizedText(bytes.bindMemory(to: UInt8.self))
      guard scalar < Self.stray else { return false }
      text.append(scalar: scalar)
      for index in 0..<text.count {
        guard unsafe compositions.step(&cursor, text.bytes[index]) else { return false }
      }
      return true
    }
  }
}
