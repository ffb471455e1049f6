/// A whole file, mapped read-only: clean pages that processes share and that the system can take back.
///
/// - Warning: A page that the file no longer has, because it was cut short since, ends the process with a signal
///   when it is touched; a program can have `onLostPage` say so.
/// - Complexity: O(1); pages are read when they are first touched.
public struct MappedFile: ~Copyable {
  /// The bytes of the file. Valid as long as this value lives.
  public let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`, a NUL-terminated name.
  ///
  /// - Throws: `SystemError` if it can't be opened, is not a regular file, or can't be mapped. An empty file
  ///   maps to no bytes.
  public init(path: UnsafePointer<CChar>) throws(SystemError) {
    let descriptor = try System.openFile(path)
    defer { System.closeFile(descriptor) }
    guard let count = try System.sizeOfFile(descriptor) else { throw SystemError(.open, number: 0) }
    guard let size = Int(exactly: count) else { throw SystemError(.map, number: SystemError.tooLarge) }
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    bytes = UnsafeRawBufferPointer(start: try System.mapFile(descriptor, count: size), count: size)
  }

  deinit {
    if let address = bytes.baseAddress {
      System.unmap(UnsafeMutableRawPointer(mutating: address), count: bytes.count)
    }
  }
}
