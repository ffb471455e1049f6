/// Memory aligned to 64 bytes, freed with its last owner.
@safe final class AlignedBuffer {
  let bytes: UnsafeMutableRawBufferPointer

  /// `count` zero bytes.
  init(count: Int) {
    unsafe bytes = .allocate(byteCount: max(count, 64), alignment: 64)
    unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { unsafe bytes.deallocate() }

  /// The bytes as elements.
  func pointer<Element: BitwiseCopyable>(to: Element.Type) -> UnsafeMutablePointer<Element> {
    // It has at least 64 bytes.
    unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Element.self)
  }
}
