import SwiftletPlatform

/// The check's memory, handed out from the front; a case gives back all that it took.
struct Memory: ~Copyable {
  private static var size: Int { 1 << 20 }
  private let mapping: AnonymousMemory
  private var used = 0

  init() {
    do { mapping = try AnonymousMemory(count: Self.size) } catch { fail("no memory") }
  }

  /// Forgets everything that was taken.
  mutating func reset() { used = 0 }

  /// `count` elements, each `value`, on a boundary of 64 bytes.
  mutating func take<Element: BitwiseCopyable>(
    _ count: Int, filledWith value: Element
  ) -> UnsafeMutablePointer<Element> {
    let size = (count * MemoryLayout<Element>.stride + 63) & -64
    guard used + size <= Self.size else { fail("the check's memory is too small") }
    let place = mapping.bytes.baseAddress.unsafelyUnwrapped + used
    let elements = place.bindMemory(to: Element.self, capacity: count)
    used += size
    elements.initialize(repeating: value, count: count)
    return elements
  }
}
