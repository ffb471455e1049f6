extension Word {
  /// The number that it spells, if it does: digits, perhaps with a minus before and a point between them.
  var decimal: Double? {
    var rest = unsafe bytes[...]
    let isNegative = unsafe rest.first == UInt8(ascii: "-")
    if isNegative { unsafe rest = rest.dropFirst() }
    guard unsafe rest.count <= 19 else { return nil }
    // Both stay below 2⁵³, so that doubles hold them exactly, and the quotient is the nearest double.
    var (digits, scale) = (0.0, 1.0)
    var (hasDigit, hasPoint) = (false, false)
    for index in unsafe rest.startIndex..<rest.endIndex {
      let byte = unsafe rest[index]
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
        continue
      }
      guard byte >= 48, byte <= 57, digits < 1e14 else { return nil }
      digits = digits * 10 + Double(Int(byte - 48))
      if hasPoint { scale *= 10 }
      hasDigit = true
    }
    guard hasDigit else { return nil }
    let value = digits / scale
    return isNegative ? 0 - value : value
  }
}

/// Words of the command line that one option gave, up to 16.
@safe struct WordList {
  private var words = unsafe InlineArray<16, UnsafePointer<CChar>?>(repeating: nil)
  private(set) var count = 0

  /// Adds a word. Returns whether there was room for it.
  mutating func add(_ word: Word) -> Bool {
    guard unsafe count < words.count else { return false }
    unsafe words[count] = word.pointer
    count += 1
    return true
  }

  subscript(index: Int) -> Word? { unsafe words[index].map { unsafe Word(pointer: $0) } }

  /// The bytes of all words together.
  var byteCount: Int {
    var total = 0
    for index in 0..<count { unsafe total += self[index]?.bytes.count ?? 0 }
    return total
  }
}
