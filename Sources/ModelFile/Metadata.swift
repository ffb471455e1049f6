import SwiftletPlatform

/// The metadata section: lines of `key=value`. A view; the file must outlive it.
@safe public struct Metadata {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  /// The value of `key`, or of `key` with a number behind it; nil without such a line.
  ///
  /// - Complexity: O(bytes of the section).
  public func value(_ key: StaticText, _ number: Int? = nil) -> UnsafeRawBufferPointer? {
    var start = 0
    while unsafe start < bytes.count {
      var end = start
      while unsafe end < bytes.count, unsafe bytes[end] != 0x0A { end += 1 }
      if let place = unsafe valueStart(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), key, number) {
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[start + place..<end])
      }
      start = end + 1
    }
    return nil
  }

  /// Where the value begins, if the line has that key.
  private func valueStart(_ line: UnsafeRawBufferPointer, _ key: StaticText, _ number: Int?) -> Int? {
    var at = 0
    while unsafe key.start[at] != 0 {
      guard at < line.count, unsafe line[at] == key.start[at] else { return nil }
      at += 1
    }
    if let number {
      var found = 0
      let first = at
      while at < line.count, unsafe line[at] >= 0x30, unsafe line[at] <= 0x39, at - first < 9 {
        found = unsafe found * 10 + Int(line[at] - 0x30)
        at += 1
      }
      guard at > first, found == number else { return nil }
    }
    return unsafe at < line.count && line[at] == UInt8(ascii: "=") ? at + 1 : nil
  }
}

extension ModelFile {
  /// What the converter noted: name, licence, labels.
  public var metadata: Metadata { unsafe Metadata(section(.metadata)) }
}
