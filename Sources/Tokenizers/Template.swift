/// What stands before, between and after texts: `[CLS] A [SEP] B [SEP]`.
///
/// A table of u32: how many items the first list has, its items, and those of the list for pairs. An item's lower 20
/// bits are a token id, bits 20–23 the segment, bits 24–31 what it is.
@safe struct Template {
  let table: UnsafeRawBufferPointer

  /// A part of a template.
  struct Item {
    /// What it is. The raw values are the file's.
    enum Kind: UInt8 {
      /// A token.
      case token = 0
      /// The first text, the second text.
      case first = 1, second = 2
      /// A token that the caller can replace: the source's language.
      case language = 3
    }
    let kind: Kind
    let segment: UInt8
    let id: UInt32
  }

  /// Whether there is a list for pairs.
  var hasPairs: Bool { unsafe table.count / 4 > singles &+ 1 }

  private var singles: Int {
    unsafe min(Int(truncatingIfNeeded: u32(table, 0) & 0xFFFF), max(table.count / 4 &- 1, 0))
  }

  /// How many items one text has, or a pair.
  func count(pair: Bool) -> Int { unsafe pair ? max(table.count / 4 &- 1 &- singles, 0) : singles }

  /// How many tokens stand after item `index`, texts apart.
  func tokens(after index: Int, pair: Bool) -> Int {
    var tokens = 0
    for place in index &+ 1..<max(index &+ 1, count(pair: pair)) {
      if let kind = item(place, pair: pair)?.kind, kind == .token || kind == .language { tokens &+= 1 }
    }
    return tokens
  }

  /// Whether a token of one text's list can be replaced by that of a language.
  var hasLanguage: Bool {
    for index in 0..<singles where item(index, pair: false)?.kind == .language { return true }
    return false
  }

  /// Item `index` of the list; nil if it is of a kind that there isn't.
  func item(_ index: Int, pair: Bool) -> Item? {
    let word = unsafe u32(table, 1 &+ index &+ (pair ? singles : 0))
    guard let kind = Item.Kind(rawValue: UInt8(truncatingIfNeeded: word &>> 24)) else { return nil }
    return Item(
      kind: kind, segment: UInt8(truncatingIfNeeded: word &>> 20 & 0xF), id: word & LatticeNode.unknown)
  }
}
