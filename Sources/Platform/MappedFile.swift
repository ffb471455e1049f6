/// A whole file, mapped read-only: clean pages that processes share and that the system can take back.
///
/// - Warning: A page that the file no longer has, because it was cut short since, ends the process with a signal
///   when it is touched; a program can have `onLostPage` say so.
/// - Complexity: O(1); pages are read when they are first touched.
public struct MappedFile: ~Copyable {
  /// The bytes of the file. Valid as long as this value lives.
  public let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Maps the file at `path`, a NUL-terminated name.
  ///
  /// - Throws: `SystemError` if it can't be opened, is not a regular file, or can't be mapped. An empty file
  ///   maps to no bytes. A WebAssembly module has no files.
  public init(path: UnsafePointer<CChar>) throws(SystemError) {
    #if arch(wasm32)
      throw SystemError(.open, number: SystemError.notImplemented)
    #else
      let descriptor = try System.openFile(path)
      defer { System.closeFile(descriptor) }
      guard let count = try System.sizeOfFile(descriptor) else { throw SystemError(.open, number: 0) }
      guard let size = Int(exactly: count) else { throw SystemError(.map, number: SystemError.tooLarge) }
      let address = size > 0 ? try System.mapFile(descriptor, count: size) : nil
      isMapped = size > 0
      bytes = UnsafeRawBufferPointer(start: address, count: size)
    #endif
  }

  /// A file that lies in memory already. Whoever owns the memory keeps it as it is while this value lives.
  public init(memory bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    isMapped = false
  }

  deinit {
    if isMapped, let address = bytes.baseAddress {
      System.unmap(UnsafeMutableRawPointer(mutating: address), count: bytes.count)
    }
  }
}
