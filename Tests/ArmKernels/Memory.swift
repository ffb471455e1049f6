import CheckStart

/// The check's memory, handed out from the front; a case gives back all that it took.
struct Memory: ~Copyable {
  private var used = 0

  /// Forgets everything that was taken.
  mutating func reset() { used = 0 }

  /// `count` elements, each `value`, on a boundary of 64 bytes.
  mutating func take<Element: BitwiseCopyable>(
    _ count: Int, filledWith value: Element
  ) -> UnsafeMutablePointer<Element> {
    let size = (count * MemoryLayout<Element>.stride + 63) & -64
    guard used + size <= Int(CHECK_MEMORY_SIZE) else { fail("the check's memory is too small") }
    let elements = (check_memory() + used).bindMemory(to: Element.self, capacity: count)
    used += size
    elements.initialize(repeating: value, count: count)
    return elements
  }
}
