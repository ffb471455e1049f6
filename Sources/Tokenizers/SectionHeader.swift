/// The first bytes of a tokenizer section: reads numbers and tables out of it, checked.
///
/// There are two: `SwUT`, the plain Unigram section, and `SwTK`, which has more tables. Their numbers and their first
/// tables are in the same order. The layout is in `FORMAT.md`.
@safe struct SectionHeader {
  /// `SwUT` as a little-endian number.
  static var unigramMagic: UInt32 { 0x5455_7753 }
  /// `SwTK` as a little-endian number.
  static var generalMagic: UInt32 { 0x4B54_7753 }
  static var layout: UInt16 { 1 }
  /// How many entries share one number of the text index.
  static var entriesPerIndex: Int { 16 }
  /// The sizes of a table that may have any.
  static var anySize: ClosedRange<UInt32> { 0...0x7FFF_FFFF }
  /// Bytes of the shorter header.
  static var leastBytes: Int { 104 }

  /// The section, cut to the length that it states.
  private(set) var section: UnsafeRawBufferPointer
  /// Whether it is an `SwTK` section.
  let isGeneral: Bool

  /// Where the list of tables starts.
  private var tables: Int { isGeneral ? 48 : 40 }
  /// Bytes before the first table.
  private var bytes: Int { isGeneral ? 184 : Self.leastBytes }

  /// Checks the mark, the layout and the length.
  init(_ whole: UnsafeRawBufferPointer) throws(TokenizerError) {
    guard whole.count >= Self.leastBytes, let base = whole.baseAddress else {
      throw .sectionTooShort(bytes: whole.count, needed: Self.leastBytes)
    }
    guard UInt(bitPattern: base) & 7 == 0 else { throw .misaligned }
    unsafe section = whole
    let magic = unsafe UInt32(littleEndian: whole.loadUnaligned(as: UInt32.self))
    isGeneral = magic == Self.generalMagic
    guard isGeneral || magic == Self.unigramMagic else { throw .wrongMagic(found: magic) }
    guard whole.count >= bytes else { throw .sectionTooShort(bytes: whole.count, needed: bytes) }
    let layout = UInt16(truncatingIfNeeded: u32(4))
    guard layout == Self.layout else {
      throw .unsupportedLayout(found: layout, supported: Self.layout)
    }
    let stated = u32(8)
    guard stated >= UInt32(truncatingIfNeeded: bytes) else { throw .valueOutOfRange(value: stated, at: 8) }
    guard stated <= UInt32(truncatingIfNeeded: whole.count), stated <= 0x7FFF_FFFF else {
      throw .sectionTooShort(bytes: whole.count, needed: Int(truncatingIfNeeded: stated & 0x7FFF_FFFF))
    }
    unsafe section = UnsafeRawBufferPointer(rebasing: whole[..<Int(truncatingIfNeeded: stated)])
  }

  /// The number at byte `offset`, which is within the header.
  func u32(_ offset: Int) -> UInt32 {
    unsafe UInt32(littleEndian: section.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The number at byte `offset`, if it is within `range`.
  func u32(_ offset: Int, in range: ClosedRange<UInt32>) throws(TokenizerError) -> UInt32 {
    let value = u32(offset)
    guard range.contains(value) else { throw .valueOutOfRange(value: value, at: offset) }
    return value
  }

  /// The float32 at byte `offset`, if it is finite.
  func float(_ offset: Int) throws(TokenizerError) -> Float {
    let bits = u32(offset)
    let value = Float(bitPattern: bits)
    guard value.isFinite else { throw .valueOutOfRange(value: bits, at: offset) }
    return value
  }

  /// The bytes of `table`.
  ///
  /// - Parameters:
  ///   - sizes: How many bytes it may have.
  ///   - unit: What its offset and its size are multiples of: 4 or 1.
  func table(
    _ table: SectionTable, sizes: ClosedRange<UInt32>, unit: UInt32
  ) throws(TokenizerError) -> UnsafeRawBufferPointer {
    let entry = tables &+ 8 &* Int(truncatingIfNeeded: table.rawValue)
    let offset = u32(entry)
    let bytes = u32(entry &+ 4)
    let total = unsafe UInt32(truncatingIfNeeded: section.count)
    // No overflow: offset <= total is known before total - offset.
    guard sizes.contains(bytes), offset >= UInt32(truncatingIfNeeded: self.bytes), offset <= total,
      bytes <= total &- offset,
      (offset | bytes) & (unit &- 1) == 0
    else {
      throw unsafe .badTable(offset: offset, bytes: bytes, section: section.count, table)
    }
    let start = Int(truncatingIfNeeded: offset)
    return unsafe UnsafeRawBufferPointer(rebasing: section[start..<start &+ Int(truncatingIfNeeded: bytes)])
  }
}
