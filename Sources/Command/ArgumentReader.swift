import SwiftletPlatform

/// A word of the command line: NUL-terminated bytes that the system keeps.
@safe struct Word {
  let pointer: UnsafePointer<CChar>

  /// The bytes, without the NUL.
  var bytes: UnsafeRawBufferPointer {
    unsafe terminatedBytes(UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self))
  }

  /// Whether it looks like an option: a dash and more.
  var isOption: Bool { unsafe pointer[0] == 0x2D && pointer[1] != 0 }

  /// The number that it spells in decimal, if it does, with an optional K or M (1024, 1024²). A number past what
  /// this processor can address is the largest one that it can.
  var number: Int? {
    var rest = unsafe bytes[...]
    var unit: UInt64 = 1
    switch unsafe rest.last {
    case UInt8(ascii: "K"): unit = 1024
    case UInt8(ascii: "M"): unit = 1024 * 1024
    default: break
    }
    if unit > 1 { unsafe rest = rest.dropLast() }
    guard unsafe !rest.isEmpty, unsafe rest.count <= 15 else { return nil }
    var value: UInt64 = 0
    for index in unsafe rest.startIndex..<rest.endIndex {
      let byte = unsafe rest[index]
      guard byte >= 48, byte <= 57 else { return nil }
      value = value * 10 + UInt64(byte - 48)
    }
    let (result, overflow) = value.multipliedReportingOverflow(by: unit)
    return overflow ? nil : Int(clamping: result)
  }

  /// Whether it is exactly `text`: what `switch` needs.
  @inline(never)
  static func ~= (text: StaticText, word: Word) -> Bool {
    var index = 0
    while unsafe text.start[index] == UInt8(bitPattern: word.pointer[index]) {
      if unsafe text.start[index] == 0 { return true }
      index += 1
    }
    return false
  }
}

/// The words of the command line, one after another.
struct ArgumentReader {
  private let line: CommandLineWords
  private var place = 1

  init(_ line: CommandLineWords) { self.line = line }

  /// The next word, if there is one.
  mutating func next() -> Word? {
    guard place < line.count, let pointer = unsafe line.words[place] else { return nil }
    place += 1
    return unsafe Word(pointer: UnsafePointer(pointer))
  }
}
