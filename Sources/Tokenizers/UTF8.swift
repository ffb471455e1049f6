/// Where `text` stops being UTF-8: the offset of the first byte that belongs to no well-formed character.
///
/// Surrogates, overlong forms and code points above U+10FFFF are not well-formed (Unicode 15, table 3-7).
///
/// - Returns: A byte offset, or nil if all of `text` is UTF-8.
/// - Complexity: One pass.
public func firstInvalidUTF8(in text: Span<UInt8>) -> Int? {
  unsafe text.withUnsafeBufferPointer { bytes in
    var at = 0
    while at < bytes.count {
      // Within bounds: the loop's condition.
      if unsafe bytes[at] < 0x80 {
        at &+= 1
        continue
      }
      let length = unsafe wellFormedLength(UnsafeRawBufferPointer(bytes), at)
      guard length > 0 else { return at }
      at &+= length
    }
    return nil
  }
}

/// How many bytes the well-formed character at `at` has: 1…4, or 0 if there is none. `at` is within `bytes`.
@inline(__always)
func wellFormedLength(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
  let first = unsafe bytes[at]
  if first < 0x80 { return 1 }
  let left = bytes.count &- at
  @inline(__always)
  func trails(_ index: Int, from low: UInt8 = 0x80, through high: UInt8 = 0xBF) -> Bool {
    let byte = unsafe bytes[at &+ index]
    return byte >= low && byte <= high
  }
  switch first {
  case 0xC2...0xDF:
    return left >= 2 && trails(1) ? 2 : 0
  case 0xE0...0xEF:
    let low: UInt8 = first == 0xE0 ? 0xA0 : 0x80
    let high: UInt8 = first == 0xED ? 0x9F : 0xBF
    return left >= 3 && trails(1, from: low, through: high) && trails(2) ? 3 : 0
  case 0xF0...0xF4:
    let low: UInt8 = first == 0xF0 ? 0x90 : 0x80
    let high: UInt8 = first == 0xF4 ? 0x8F : 0xBF
    return left >= 4 && trails(1, from: low, through: high) && trails(2) && trails(3) ? 4 : 0
  default:
    return 0
  }
}

/// How many bytes the character should have that starts with `first`, without looking further (a stray byte: 1).
@inline(__always)
func nominalLength(_ first: UInt8) -> Int {
  first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
}
