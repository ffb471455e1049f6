import Foundation

/// Linux's list of a process's mappings, for handlers of signals: memory is taken when this value is made, none after it.
@safe struct MappingList {
  /// A line is at most some 100 bytes and a path, whose bytes may take four each.
  private let buffer = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 4 * Int(PATH_MAX) + 256, alignment: 1)

  /// The path of the file whose mapping holds an address, valid until the next call; nil if there is none.
  func path(at address: UInt) -> UnsafeRawBufferPointer? {
    let descriptor = unsafe open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var filled = 0
    while true {
      let count = unsafe read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
      guard count > 0 else { return nil }
      filled += count
      var line = 0
      while let end = lineBreak(from: line, to: filled) {
        if let path = unsafe path(of: line..<end, at: address) { return unsafe path }
        line = end + 1
      }
      unsafe memmove(buffer.baseAddress!, buffer.baseAddress! + line, filled - line)
      filled -= line
    }
  }

  private func lineBreak(from start: Int, to end: Int) -> Int? {
    var place = start
    while place < end {
      if unsafe buffer[place] == UInt8(ascii: "\n") { return place }
      place += 1
    }
    return nil
  }

  /// The path of a line, `start-end permissions offset device inode  path`, if it is about the address.
  private func path(of line: Range<Int>, at address: UInt) -> UnsafeRawBufferPointer? {
    var place = line.lowerBound
    let start = hexadecimal(&place)
    place += 1
    guard address >= start, address < hexadecimal(&place) else { return nil }
    while place < line.upperBound, unsafe buffer[place] != UInt8(ascii: "/") { place += 1 }
    guard place < line.upperBound else { return nil }
    return unsafe UnsafeRawBufferPointer(start: buffer.baseAddress! + place, count: line.upperBound - place)
  }

  /// The number at a place, which moves behind it.
  private func hexadecimal(_ place: inout Int) -> UInt {
    var value: UInt = 0
    while true {
      switch unsafe buffer[place] {
      case 48...57: value = unsafe value << 4 | UInt(buffer[place] - 48)
      case 97...102: value = unsafe value << 4 | UInt(buffer[place] - 87)
      default: return value
      }
      place += 1
    }
  }
}
