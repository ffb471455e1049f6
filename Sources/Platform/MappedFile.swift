#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A whole file, mapped read-only: clean pages that processes share and that the system can take back.
///
/// - Complexity: O(1); pages are read when they are first touched.
public struct MappedFile: ~Copyable {
  /// The bytes of the file. Valid as long as this value lives.
  public let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`, a NUL-terminated name.
  ///
  /// - Throws: `SystemError` if it can't be opened, is not a regular file, or can't be mapped. An empty file
  ///   maps to no bytes.
  public init(path: UnsafePointer<CChar>) throws(SystemError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(.open) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError(.status) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(.open, number: 0) }
    guard let size = Int(exactly: status.st_size) else { throw SystemError(.map, number: EFBIG) }
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw SystemError(.map) }
    // The checksum reads every byte once, in order, right after this.
    madvise(address, size, Int32(MADV_WILLNEED))
    bytes = UnsafeRawBufferPointer(start: address, count: size)
  }

  deinit {
    if let address = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
  }
}
