import SwiftletSources

/// The normaliser's precompiled rules: a double array over what is replaced, and the replacements.
///
/// In the `.spm` file: a u32 with the size of the double array, its units, and texts that end with a zero byte.
struct Charsmap {
  /// The double array's units, as they are in the file.
  let units: [UInt8]
  /// The replacements, as they are in the file.
  let replacements: [UInt8]
  /// How many bytes a byte of text can become, at most.
  let expansion: Int

  private static let longestKey = 256
  private static let longestWalk = 1 << 22

  /// Takes the rules apart and walks all of them once.
  init(_ normalizer: SentencePieceModel.Normalizer) throws(UnigramSectionError) {
    let bytes = normalizer.precompiledCharsmap
    guard !bytes.isEmpty else {
      units = []
      replacements = []
      expansion = 3  // A space becomes ▁, and a byte that isn't UTF-8 becomes U+FFFD.
      return
    }
    guard bytes.count > 4 else { throw .badCharsmap("\(bytes.count) bytes") }
    let size = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16 | Int(bytes[3]) << 24
    guard size < bytes.count - 4 + 1, size % 4 == 0, size > 0 else {
      throw .badCharsmap("a double array of \(size) bytes, in \(bytes.count - 4)")
    }
    units = Array(bytes[4..<4 + size])
    replacements = Array(bytes[(4 + size)...])
    expansion = try Self.expansion(units, replacements, escapes: normalizer.escapeWhitespaces)
  }

  private static func expansion(
    _ bytes: [UInt8], _ replacements: [UInt8], escapes: Bool
  ) throws(UnigramSectionError) -> Int {
    var units: [UInt32] = []
    for start in stride(from: 0, to: bytes.count, by: 4) {
      let low = UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8
      let high = UInt32(bytes[start + 2]) | UInt32(bytes[start + 3]) << 8
      units.append(low | high << 16)
    }
    func children(_ index: UInt32) -> UInt32 {
      let unit = units[Int(index)]
      return index ^ (unit >> 10) << ((unit & 0x200) >> 6)
    }
    // By the place of its siblings, each unit that a byte leads to: a linked list in two arrays.
    var firstChild = [Int32](repeating: -1, count: units.count + 256)
    var nextSibling = [Int32](repeating: -1, count: units.count)
    for (index, unit) in units.enumerated() where unit >> 31 == 0 {
      let base = index ^ Int(unit & 0xFF)
      nextSibling[index] = firstChild[base]
      firstChild[base] = Int32(index)
    }
    var expansion = 3
    var visits = 0
    var stack: [(index: UInt32, depth: Int)] = [(0, 0)]
    while let (index, depth) = stack.popLast() {
      visits += 1
      guard depth < longestKey, visits < longestWalk else {
        throw .badCharsmap(
          "keys of \(longestKey) bytes, or more than \(longestWalk) bytes of keys and replacements")
      }
      let base = children(index)
      if units[Int(index)] & 0x100 != 0 {
        guard Int(base) < units.count else { throw .badCharsmap("a rule's value is outside") }
        let start = Int(units[Int(base)] & 0x7FFF_FFFF)
        guard start < replacements.count else { throw .badCharsmap("a replacement is outside") }
        var length = 0
        for byte in replacements[start...] {
          if byte == 0 { break }
          length += escapes && byte == 0x20 ? 3 : 1
        }
        visits += length
        if depth > 0 { expansion = max(expansion, (length + depth - 1) / depth) }
      }
      var child = Int(base) < firstChild.count ? firstChild[Int(base)] : -1
      while child >= 0 {
        stack.append((UInt32(child), depth + 1))
        child = nextSibling[Int(child)]
      }
    }
    guard expansion <= 0xFFFF else { throw .badCharsmap("a replacement of \(expansion) bytes a byte") }
    return expansion
  }
}
