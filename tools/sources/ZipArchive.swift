/// A ZIP file whose members are stored without compression, as PyTorch writes its checkpoints.
///
/// Only the directory at the file's end is read; members stay where they are. 64-bit sizes are read, too.
package struct ZipArchive {
  /// Where each member's bytes lie, by name.
  private(set) var members: [String: Range<Int>] = [:]

  private let source: MappedSource

  /// Whether a file begins as a ZIP file.
  package static func recognises(_ source: MappedSource) -> Bool {
    unsafe source.withBytes(0..<min(4, source.count)) { unsafe $0.elementsEqual([0x50, 0x4B, 0x03, 0x04]) }
  }

  /// Reads the directory and checks every member's place: none lies outside of the file or across another.
  init(_ source: MappedSource) throws(SourceError) {
    self.source = source
    let directory = try endRecord()
    var reader = ByteReader(source, directory.range)
    for index in 0..<directory.count {
      guard let entry = Entry(&reader) else { throw error("its directory ends within member \(index)") }
      try add(entry)
    }
    try checkDisjoint()
  }

  /// Where the central directory lies, and how many members it has.
  private func endRecord() throws(SourceError) -> (range: Range<Int>, count: Int) {
    // Behind the end record there is a comment of up to 65,535 bytes.
    let first = max(0, source.count - 22 - 65_535)
    var place = source.count - 22
    while place >= first {
      var reader = ByteReader(source, place..<source.count)
      if reader.next(UInt32.self) == 0x0605_4B50 { return try endRecord(at: place) }
      place -= 1
    }
    throw error("is no whole ZIP file: it has no directory at its end")
  }

  private func endRecord(at place: Int) throws(SourceError) -> (range: Range<Int>, count: Int) {
    var reader = ByteReader(source, place + 10..<source.count)
    var count = UInt64(reader.next(UInt16.self) ?? 0)
    var size = UInt64(reader.next(UInt32.self) ?? 0)
    var offset = UInt64(reader.next(UInt32.self) ?? 0)
    var locator = ByteReader(source, max(0, place - 20)..<place)
    if locator.next(UInt32.self) == 0x0706_4B50, locator.skip(4), let record = locator.next(UInt64.self),
      let at = Int(exactly: record), at >= 0, at < source.count - 56
    {
      var wide = ByteReader(source, at..<source.count)
      guard wide.next(UInt32.self) == 0x0606_4B50, wide.skip(28) else {
        throw error("its 64-bit directory is damaged")
      }
      count = wide.next(UInt64.self) ?? 0
      size = wide.next(UInt64.self) ?? 0
      offset = wide.next(UInt64.self) ?? 0
    }
    let (end, overflow) = offset.addingReportingOverflow(size)
    guard count <= UInt64(SourceLimits.tensors) else {
      throw error("has \(count) members: at most \(SourceLimits.tensors) are read")
    }
    guard !overflow, end <= UInt64(place) else {
      throw error(
        "its directory of \(count) members, \(size) bytes from \(offset), does not fit \(place) bytes")
    }
    return (Int(offset)..<Int(end), Int(count))
  }

  private mutating func add(_ entry: Entry) throws(SourceError) {
    guard entry.method == 0, entry.flags & 1 == 0, entry.packed == entry.size else {
      throw error("member \(entry.name) is compressed or encrypted; PyTorch stores members as they are")
    }
    guard let offset = Int(exactly: entry.offset), let size = Int(exactly: entry.size), offset < source.count
    else { throw error("member \(entry.name) begins behind the file's end") }
    var local = ByteReader(source, offset..<source.count)
    guard local.next(UInt32.self) == 0x0403_4B50, local.skip(22), let name = local.next(UInt16.self),
      let extra = local.next(UInt16.self)
    else { throw error("member \(entry.name) has no header at byte \(offset)") }
    let start = offset + 30 + Int(name) + Int(extra)
    let (end, overflow) = start.addingReportingOverflow(size)
    guard !overflow, end <= source.count else {
      throw error("member \(entry.name), \(size) bytes from \(start), ends behind the file's \(source.count)")
    }
    guard members.updateValue(start..<end, forKey: entry.name) == nil else {
      throw error("member \(entry.name) is there twice")
    }
  }

  private func checkDisjoint() throws(SourceError) {
    var end = 0
    for (name, range) in members.sorted(by: { $0.value.lowerBound < $1.value.lowerBound })
    where !range.isEmpty {
      guard range.lowerBound >= end else { throw error("member \(name) lies across another one") }
      end = range.upperBound
    }
  }

  private func error(_ reason: String) -> SourceError { .unsupported(file: source.path, reason: reason) }
}

/// An entry of the central directory.
private struct Entry {
  let name: String
  let flags: UInt16
  let method: UInt16
  var packed: UInt64
  var size: UInt64
  var offset: UInt64

  /// nil if the bytes end, or are no entry.
  init?(_ reader: inout ByteReader) {
    guard reader.next(UInt32.self) == 0x0201_4B50, reader.skip(4), let flags = reader.next(UInt16.self),
      let method = reader.next(UInt16.self), reader.skip(8), let packed = reader.next(UInt32.self),
      let size = reader.next(UInt32.self), let nameLength = reader.next(UInt16.self),
      let extraLength = reader.next(UInt16.self), let commentLength = reader.next(UInt16.self),
      reader.skip(8),
      let offset = reader.next(UInt32.self), let name = reader.text(Int(nameLength))
    else { return nil }
    (self.name, self.flags, self.method) = (name, flags, method)
    (self.packed, self.size, self.offset) = (UInt64(packed), UInt64(size), UInt64(offset))
    guard let extra = reader.reader(Int(extraLength)), reader.skip(Int(commentLength)) else { return nil }
    guard readWide(extra) else { return nil }
  }

  /// Sizes that do not fit 32 bits stand in the field of kind 1, in this order.
  private mutating func readWide(_ fields: ByteReader) -> Bool {
    var fields = fields
    while fields.count >= 4 {
      guard let kind = fields.next(UInt16.self), let length = fields.next(UInt16.self),
        var field = fields.reader(Int(length))
      else { return false }
      guard kind == 1 else { continue }
      if size == 0xFFFF_FFFF { size = field.next(UInt64.self) ?? size }
      if packed == 0xFFFF_FFFF { packed = field.next(UInt64.self) ?? packed }
      if offset == 0xFFFF_FFFF { offset = field.next(UInt64.self) ?? offset }
    }
    return true
  }
}
