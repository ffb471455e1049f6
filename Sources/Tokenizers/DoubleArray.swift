/// A trie in a double array, in the format of darts-clone: read in place, checked at each step.
///
/// A unit is a little-endian u32:
///
/// | bits | meaning |
/// |---|---|
/// | 31 | 1: a leaf, and bits 0–30 are its value; no byte leads here |
/// | 10–30 | offset |
/// | 9 | 1: the offset counts blocks of 256 units |
/// | 8 | 1: a key ends at this node; its leaf is the child of byte 0 |
/// | 0–7 | the byte that leads here |
///
/// The child of the node at `i` by byte `b` is at `i ^ offset(i) ^ b`, if its lowest byte is `b`.
/// Any content is safe: a step outside the array ends the walk.
@safe struct DoubleArray {
  /// The units.
  let units: UnsafeRawBufferPointer
  /// How many units.
  let count: UInt32

  /// Views `bytes`, of which a last incomplete unit is left out.
  init(_ bytes: UnsafeRawBufferPointer) {
    unsafe units = bytes
    count = UInt32(truncatingIfNeeded: bytes.count / 4)
  }

  @inline(__always)
  private func unit(_ index: UInt32) -> UInt32? {
    // Within bounds: index < count = units.count / 4.
    guard index < count, let base = unsafe units.baseAddress else { return nil }
    return unsafe UInt32(
      littleEndian: base.loadUnaligned(
        fromByteOffset: Int(truncatingIfNeeded: index) &* 4, as: UInt32.self))
  }

  /// A place in the trie.
  struct Cursor {
    /// Where the node's children are, before their bytes are mixed in.
    fileprivate var children: UInt32
    /// Whether a key ends here.
    fileprivate(set) var endsKey: Bool

    @inline(__always)
    fileprivate init(index: UInt32, unit: UInt32) {
      children = index ^ (unit &>> 10) &<< ((unit & 0x200) &>> 6)
      endsKey = unit & 0x100 != 0
    }
  }

  /// The place before the first byte, or nil if the array is empty.
  @inline(__always)
  var root: Cursor? {
    guard let unit = unit(0) else { return nil }
    return Cursor(index: 0, unit: unit)
  }

  /// Follows `byte`. Returns false if no key goes on with it.
  @inline(__always)
  func step(_ cursor: inout Cursor, _ byte: UInt8) -> Bool {
    let index = cursor.children ^ UInt32(byte)
    guard let unit = unit(index), unit & 0x8000_00FF == UInt32(byte) else { return false }
    cursor = Cursor(index: index, unit: unit)
    return true
  }

  /// The value of the key that ends at `cursor`, or nil if none does.
  @inline(__always)
  func value(_ cursor: Cursor) -> UInt32? {
    guard cursor.endsKey, let leaf = unit(cursor.children) else { return nil }
    return leaf & 0x7FFF_FFFF
  }
}
