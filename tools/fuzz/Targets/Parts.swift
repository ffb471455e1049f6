/// Several files or texts in one input: each but the last with its length before it, in three bytes, little-endian.
///
/// Any bytes are parts: a length past the end takes what is left, and what is not there is empty.
public enum Parts {
  private static let lengthBytes = 3

  /// Cuts an input.
  public static func split(_ input: UnsafeRawBufferPointer, _ count: Int) -> [UnsafeRawBufferPointer] {
    var parts: [UnsafeRawBufferPointer] = unsafe []
    var rest = unsafe input[...]
    for _ in 1..<count {
      let length = unsafe rest.prefix(lengthBytes).enumerated().reduce(0) {
        $0 | Int($1.element) << (8 * $1.offset)
      }
      unsafe rest = unsafe rest.dropFirst(lengthBytes)
      unsafe parts.append(UnsafeRawBufferPointer(rebasing: rest.prefix(length)))
      unsafe rest = unsafe rest.dropFirst(length)
    }
    return unsafe parts + [UnsafeRawBufferPointer(rebasing: rest)]
  }

  /// Puts parts together.
  public static func join(_ parts: [[UInt8]]) -> [UInt8] {
    parts.dropLast().flatMap { part in
      (0..<lengthBytes).map { UInt8(truncatingIfNeeded: part.count >> (8 * $0)) } + part
    } + (parts.last ?? [])
  }
}
