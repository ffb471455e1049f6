/// A typed slice of an arena: `count` elements, aligned to 64 bytes.
///
/// It does not own its bytes: whoever holds it keeps the arena too (`Workspace` holds both). Noncopyable, so
/// that at most one place can write to it at a time. Its bytes start as zero, or as whatever an earlier phase
/// left there.
///
/// Everything is inlinable: unspecialised, a buffer's type would be made at run time, on the heap.
@safe public struct ArenaBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// The first element, for kernels.
  public let pointer: UnsafeMutablePointer<Element>
  /// The count of elements.
  public let count: Int

  @inlinable
  init(_ pointer: UnsafeMutablePointer<Element>, count: Int) {
    unsafe self.pointer = pointer
    self.count = count
  }

  /// The elements, to read.
  @inlinable
  public var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: UnsafePointer(pointer), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements, to write.
  @inlinable
  public var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      let span = unsafe MutableSpan(_unsafeStart: pointer, count: count)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// The bytes, for reading from and writing to the system.
  @inlinable
  public var bytes: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: pointer, count: count * MemoryLayout<Element>.stride)
  }
}
