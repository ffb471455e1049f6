/// Memory aligned to 64 bytes, freed with its last owner.
final class AlignedBuffer {
  let bytes: UnsafeMutableRawBufferPointer

  /// `count` zero bytes.
  init(count: Int) {
    bytes = .allocate(byteCount: max(count, 64), alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }

  /// The bytes as elements.
  func pointer<Element: BitwiseCopyable>(to: Element.Type) -> UnsafeMutablePointer<Element> {
    bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Element.self)  // It has at least 64 bytes.
  }
}
