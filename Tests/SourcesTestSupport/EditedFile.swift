import Foundation

/// A small file of which every edit is tried: cut to each length, and each bit flipped.
package final class EditedFile {
  /// Where it lies.
  package let path: String
  /// Its bytes as they were.
  package let bytes: [UInt8]
  private let descriptor: Int32

  /// Opens a file that is there.
  package init(_ path: String) throws {
    self.path = path
    bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    descriptor = unsafe open(path, O_RDWR)
  }

  /// Writes a file into a directory of its own.
  package convenience init(_ bytes: [UInt8], name: String) throws {
    try self.init(try TemporaryDirectory(inMemory: true).write(bytes, to: name))
  }

  deinit { close(descriptor) }

  /// Calls `body` with the file cut to each length, and makes it whole again.
  package func forEachCut(_ body: (Int) throws -> Void) rethrows {
    for length in (0..<bytes.count).reversed() {
      ftruncate(descriptor, off_t(length))
      try body(length)
    }
    write(0..<bytes.count, flipping: 0)
  }

  /// Calls `body` with each bit of some bytes flipped: the byte's place and the bit.
  package func forEachFlip(
    of places: Range<Int>? = nil, bits: [UInt8] = EditedFile.bits, _ body: (Int, UInt8) throws -> Void
  ) rethrows {
    for place in places ?? 0..<bytes.count {
      for bit in bits {
        write(place..<place + 1, flipping: bit)
        try body(place, bit)
      }
      write(place..<place + 1, flipping: 0)
    }
  }

  /// All bits of a byte.
  package static let bits: [UInt8] = (0..<8).map { 1 << $0 }

  private func write(_ range: Range<Int>, flipping bit: UInt8) {
    let changed = bytes[range].map { $0 ^ bit }
    _ = unsafe changed.withUnsafeBytes {
      unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(range.lowerBound))
    }
  }
}

/// How many edits there were, and what became of them.
package struct EditCount: CustomStringConvertible {
  package var refused = 0
  package var accepted = 0

  package init() {}

  package mutating func add(accepted isAccepted: Bool) {
    if isAccepted { accepted += 1 } else { refused += 1 }
  }

  package var all: Int { refused + accepted }

  package var description: String { "\(all), of them \(refused) refused, \(accepted) accepted" }
}
