import SwiftletPlatform

/// What a section of the file holds.
public enum SectionKind: UInt32, Sendable {
  /// The `Architecture`.
  case architecture = 1
  /// Lines of text, `key=value`: name, licence, source.
  case metadata = 2
  /// The table of tensors.
  case tensorTable = 3
  /// The tokenizer of the source.
  case sourceTokenizer = 4
  /// The tokenizer of the target; it may lie in the source's bytes.
  case targetTokenizer = 5
  /// The `DecodingDefaults`.
  case decoding = 6
  /// The tensors' data.
  case tensorData = 7
}

#if !hasFeature(Embedded)
  extension SectionKind: CaseIterable {}
#endif

/// An entry of the section directory.
public struct Section: Sendable {
  /// What it holds, a `SectionKind` or something that a later version made.
  public var kind: UInt32
  /// Whether a program that does not know it may pass over it.
  public var isOptional: Bool
  /// Where it begins, in bytes from the start of the file.
  public var offset: UInt64
  /// Its size in bytes.
  public var size: UInt64

  /// The size of an entry in bytes.
  public static let byteCount = 32

  /// An entry.
  public init(_ kind: SectionKind, offset: UInt64, size: UInt64) {
    self.kind = kind.rawValue
    isOptional = false
    self.offset = offset
    self.size = size
  }

  init(_ header: UnsafeRawBufferPointer, at start: Int) throws(ModelFileError) {
    kind = unsafe header.littleEndian(at: start, as: UInt32.self)
    let flags = unsafe header.littleEndian(at: start + 4, as: UInt32.self)
    offset = unsafe header.littleEndian(at: start + 8, as: UInt64.self)
    size = unsafe header.littleEndian(at: start + 16, as: UInt64.self)
    guard flags <= 1 else { throw .field("section flags", value: Int(clamping: flags), most: 1, least: 0) }
    for place in stride(from: start + 24, to: start + 32, by: 4) {
      guard unsafe header.littleEndian(at: place, as: UInt32.self) == 0 else {
        throw .reserved(offset: place)
      }
    }
    isOptional = flags == 1
  }
}

/// Where each section lies. Every range lies in the file; ranges are disjoint, except that both tokenizers may
/// be the same bytes.
struct Directory: Sendable {
  private var ranges = InlineArray<8, Range<Int>>(repeating: 0..<0)
  private var found: UInt32 = 0

  /// Reads the directory of `count` entries after the header.
  init(_ file: UnsafeRawBufferPointer, count: Int) throws(ModelFileError) {
    let first = Header.byteCount + count * Section.byteCount
    guard first <= file.count else { throw .truncated(needed: first, size: file.count) }
    for index in 0..<count {
      let section = try unsafe Section(file, at: Header.byteCount + index * Section.byteCount)
      let range = try Self.range(of: section, from: first, to: file.count)
      guard let kind = SectionKind(rawValue: section.kind) else {
        guard section.isOptional else { throw .unknownSection(kind: Int(clamping: section.kind)) }
        continue
      }
      guard found & (1 << section.kind) == 0 else {
        throw .repeatedSection(kind: Int(clamping: section.kind))
      }
      found |= 1 << section.kind
      try checkDisjoint(range, kind, section)
      ranges[Int(kind.rawValue)] = range
    }
    for kind in 1...7 as ClosedRange<UInt32> where found & (1 << kind) == 0 {
      throw .missingSection(kind: Int(kind))
    }
  }

  subscript(kind: SectionKind) -> Range<Int> { ranges[Int(kind.rawValue)] }

  private static func range(
    of section: Section, from first: Int, to end: Int
  ) throws(ModelFileError) -> Range<Int> {
    let (last, overflow) = section.offset.addingReportingOverflow(section.size)
    guard !overflow, last <= UInt64(end), section.offset >= UInt64(first), section.offset % 64 == 0 else {
      throw .sectionPlace(kind: Int(clamping: section.kind), offset: section.offset, size: section.size)
    }
    return Int(section.offset)..<Int(last)
  }

  private func checkDisjoint(
    _ range: Range<Int>, _ kind: SectionKind, _ section: Section
  ) throws(ModelFileError) {
    for other in 1...7 as ClosedRange<UInt32> where other != kind.rawValue && found & (1 << other) != 0 {
      let taken = ranges[Int(other)]
      let tokenizers = other + kind.rawValue == 9 && min(other, kind.rawValue) == 4
      if tokenizers && taken == range { continue }
      if range.overlaps(taken) {
        throw .sectionPlace(kind: Int(clamping: section.kind), offset: section.offset, size: section.size)
      }
    }
  }
}
