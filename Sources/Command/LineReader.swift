import SwiftletPlatform

/// Reads standard input line by line through a buffer of fixed size.
@safe struct LineReader {
  /// What came next.
  @safe enum Item {
    /// A line, without its line break (LF or CR LF); valid until the next call.
    case line(UnsafeRawBufferPointer)
    /// A line that did not fit the buffer, and how many bytes it had.
    case tooLong(Int)
    /// The end of the input.
    case end
  }

  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  private var received = 0
  /// How many bytes of the input were handed out.
  var consumed: Int { received - (end - start) }

  init(_ buffer: UnsafeMutableRawBufferPointer) { unsafe self.buffer = buffer }

  /// The next line. A last line without a line break counts too.
  mutating func next() throws(SystemError) -> Item {
    var searched = 0
    while true {
      if let length = lineBreak(from: start + searched) {
        defer { start += length + 1 }
        let returns = unsafe length > 0 && buffer[start + length - 1] == 0x0D
        return unsafe .line(
          UnsafeRawBufferPointer(rebasing: buffer[start..<start + length - (returns ? 1 : 0)]))
      }
      searched = end - start
      if isAtEnd {
        guard searched > 0 else { return .end }
        defer { start = end }
        return unsafe .line(UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      }
      if unsafe searched == buffer.count { return .tooLong(try skipLine()) }
      try fill()
    }
  }

  /// The length of the line at `start`, if its end is in the buffer at `place` or after.
  private func lineBreak(from place: Int) -> Int? {
    var index = place
    while index < end {
      if unsafe buffer[index] == 0x0A { return index - start }
      index += 1
    }
    return nil
  }

  /// Moves what is left to the front and reads more.
  private mutating func fill() throws(SystemError) {
    if start > 0 {
      unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      end -= start
      start = 0
    }
    let count = try unsafe readStandardInput(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += count
    received += count
    isAtEnd = count == 0
  }

  /// Passes over a line that fills the buffer; returns its length.
  private mutating func skipLine() throws(SystemError) -> Int {
    var length = end - start
    while true {
      start = 0
      end = try unsafe readStandardInput(into: buffer)
      received += end
      if end == 0 {
        isAtEnd = true
        return length
      }
      if let rest = lineBreak(from: 0) {
        start = rest + 1
        return length + rest
      }
      length += end
    }
  }
}
