/// Byte-pair encoding of one word: again and again, of all neighbours that make a token the first in the order of the
/// merges, leftmost first, are merged.
///
/// A symbol is known by the bytes that it covers, so its node is that of its first byte: its length, the length of the
/// symbol before it, and in what order it merges with the next one. Behind the nodes lies a tree of winners, in
/// which the next merge is found.
///
/// - Complexity: O(n log n) steps for n bytes, each of them a walk over a token's bytes. 12 bytes of scratch a byte.
/// - SeeAlso: Sennrich, Haddow and Birch, *Neural Machine Translation of Rare Words with Subword Units* (2016).
@safe struct PairMerging {
  let tables: TokenTables
  /// Where each entry's merges start; empty: any two symbols that make an entry merge, in the order of the scores.
  let mergeStarts: UnsafeRawBufferPointer
  /// The merges: order in the upper 20 bits, bytes of the left symbol in the lower 12.
  let merges: UnsafeRawBufferPointer
  /// Whether the smallest symbols are bytes, not characters.
  let startsWithBytes: Bool

  /// The order of what doesn't merge.
  private static var never: UInt32 { 0xFFFF_FFFF }

  /// How many nodes a word of `bytes` bytes needs.
  @inline(__always)
  static func nodes(forBytes bytes: Int) -> Int { bytes &+ bytes / 2 &+ 1 }

  /// A word and the nodes that are lent for it.
  @safe struct Word {
    /// The bytes.
    let text: UnsafeRawBufferPointer
    /// A node for each byte.
    let symbols: UnsafeMutablePointer<LatticeNode>
    /// For each inner node k of a complete tree over the bytes, 1 ..< count: the byte that wins below it.
    let winners: UnsafeMutableRawPointer

    /// - Parameter nodes: At least `nodes(forBytes: text.count)`.
    init(_ text: UnsafeRawBufferPointer, _ nodes: UnsafeMutableBufferPointer<LatticeNode>) {
      unsafe self.text = text
      unsafe symbols = nodes.baseAddress!  // there is at least one node
      unsafe winners = UnsafeMutableRawPointer(symbols + text.count)
    }

    /// How many bytes the symbol has that starts at `start`; 0 if none does.
    @inline(__always)
    func length(_ start: Int) -> Int { unsafe Int(truncatingIfNeeded: symbols[start].first & 0xFFF) }

    /// The start of the symbol before the one at `start`, or nil at the start of the word.
    @inline(__always)
    func before(_ start: Int) -> Int? {
      unsafe start == 0 ? nil : start &- Int(truncatingIfNeeded: symbols[start].first &>> 12 & 0xFFF)
    }

    @inline(__always)
    func isFrozen(_ start: Int) -> Bool { unsafe symbols[start].first &>> 24 != 0 }

    @inline(__always)
    func set(_ start: Int, length: Int, before: Int, frozen: Bool = false) {
      unsafe symbols[start].first =
        UInt32(truncatingIfNeeded: length) | UInt32(truncatingIfNeeded: before) &<< 12
        | (frozen ? 1 &<< 24 : 0)
    }

    @inline(__always)
    func winner(_ node: Int) -> Int {
      if unsafe node >= text.count { return unsafe node &- text.count }
      return unsafe Int(truncatingIfNeeded: winners.load(fromByteOffset: node &* 4, as: UInt32.self))
    }

    @inline(__always)
    func decide(_ node: Int) {
      let left = winner(2 &* node)
      let right = winner(2 &* node &+ 1)
      let (leftOrder, rightOrder) = unsafe (symbols[left].second, symbols[right].second)
      let leftWins = leftOrder == rightOrder ? left < right : leftOrder < rightOrder
      unsafe winners.storeBytes(
        of: UInt32(truncatingIfNeeded: leftWins ? left : right), toByteOffset: node &* 4, as: UInt32.self)
    }

    /// Sets in what order the symbol at `start` merges with the next, and lets it play.
    @inline(__always)
    func setOrder(_ start: Int, _ order: UInt32) {
      guard unsafe symbols[start].second != order else { return }
      unsafe symbols[start].second = order
      var node = unsafe (start &+ text.count) / 2
      while node > 0 {
        decide(node)
        node /= 2
      }
    }
  }

  /// Merges the symbols of `word`, which has at least one byte. Afterwards the nodes hold the final ones.
  func merge(_ word: Word) {
    let count = unsafe word.text.count
    split(word)
    for start in 0..<count { unsafe word.symbols[start].second = order(word, start) }
    guard count > 1 else { return }
    for node in (1..<count).reversed() { word.decide(node) }
    while true {
      let left = word.winner(1)
      guard unsafe word.symbols[left].second != Self.never else { return }
      let length = word.length(left)
      let right = left &+ length
      let total = length &+ word.length(right)
      word.set(left, length: total, before: word.before(left).map { left &- $0 } ?? 0)
      unsafe word.symbols[right].first = 0
      word.setOrder(right, Self.never)
      let next = left &+ total
      if next < count {
        word.set(next, length: word.length(next), before: total, frozen: word.isFrozen(next))
      }
      word.setOrder(left, order(word, left))
      if let before = word.before(left) { word.setOrder(before, order(word, before)) }
    }
  }

  /// The smallest symbols: bytes, or characters and the pieces that are always whole.
  private func split(_ word: Word) {
    let count = unsafe word.text.count
    for start in 0..<count { unsafe word.symbols[start] = LatticeNode(first: 0, second: Self.never) }
    let freezes = tables.flags.contains(.hasUserDefined)
    var (start, before) = (0, 0)
    while start < count {
      let whole = unsafe freezes ? tables.normalizer.longestUserDefined(word.text, start) : nil
      let character = unsafe startsWithBytes ? 1 : nominalLength(word.text[start])
      let length = min(whole ?? character, min(count &- start, LatticeNode.longest))
      word.set(start, length: length, before: before, frozen: whole != nil)
      start &+= length
      before = length
    }
  }

  /// In what order the symbol at `start` merges with the next one: lower is earlier.
  private func order(_ word: Word, _ start: Int) -> UInt32 {
    let left = word.length(start)
    let next = start &+ left
    guard left > 0, unsafe next < word.text.count, !word.isFrozen(start), !word.isFrozen(next) else {
      return Self.never
    }
    let total = left &+ word.length(next)
    guard total <= LatticeNode.longest, let entry = unsafe tables.entry(of: word.text, start, total) else {
      return Self.never
    }
    return order(entry, left: left, total: total)
  }

  private func order(_ entry: UInt32, left: Int, total: Int) -> UInt32 {
    let index = Int(truncatingIfNeeded: entry)
    if unsafe mergeStarts.count == 0 { return unsafe u32(tables.scores, index) }
    let start = unsafe Int(truncatingIfNeeded: u32(mergeStarts, index) & 0x7FFF_FFFF)
    let end = unsafe Int(truncatingIfNeeded: u32(mergeStarts, index &+ 1) & 0x7FFF_FFFF)
    var place = start
    // No entry has more merges than places to cut it in two.
    while place < end, place &- start < total {
      let merge = unsafe u32(merges, place)
      if Int(truncatingIfNeeded: merge & 0xFFF) == left { return merge &>> 12 }
      place &+= 1
    }
    return Self.never
  }
}
