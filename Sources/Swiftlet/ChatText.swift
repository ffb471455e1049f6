import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform

/// A message as a model's chat template has it: what stands before it, the message, and what stands behind it.
struct ChatText: ~Copyable {
  private var buffer: ArenaBuffer<UInt8>
  private var count = 0

  init(_ buffer: consuming ArenaBuffer<UInt8>) { self.buffer = buffer }

  /// Whether a model has a template that the converter knew, so that there is room for a text.
  var isKnown: Bool { buffer.count > 0 }

  /// The last text.
  var text: Span<UInt8> {
    @_lifetime(borrow self)
    get { buffer.span.extracting(0..<count) }
  }

  /// Puts a message into the template.
  ///
  /// - Throws: `SwiftletError.tooLong` if there is no room for both.
  mutating func set(_ message: Span<UInt8>, _ metadata: Metadata) throws(SwiftletError) {
    count = 0
    var range = 0..<message.count
    if unsafe metadata.value("chat-trims") != nil {
      while let first = range.first, isSpace(message[first]) { range = first + 1..<range.upperBound }
      while let last = range.last, isSpace(message[last]) { range = range.lowerBound..<last }
    }
    unsafe append(escaped: metadata.value("chat-before"))
    for index in range { append(message[index]) }
    unsafe append(escaped: metadata.value("chat-after"))
    let made = count
    guard made <= buffer.count else {
      count = 0
      throw .tooLong(count: made, most: buffer.count, unit: .bytes, lower: "--max-source")
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

  /// A backslash and `n` are a line break, two backslashes one.
  private mutating func append(escaped text: UnsafeRawBufferPointer?) {
    guard let text = unsafe text else { return }
    var at = 0
    while at < text.count {
      if unsafe text[at] == UInt8(ascii: "\\"), at + 1 < text.count {
        at += 1
        unsafe append(text[at] == UInt8(ascii: "n") ? 0x0A : text[at])
      } else {
        unsafe append(text[at])
      }
      at += 1
    }
  }

  private mutating func append(_ byte: UInt8) {
    if count < buffer.count { unsafe buffer.pointer[count] = byte }
    count += 1
  }
}
