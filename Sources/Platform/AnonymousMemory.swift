#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The size of a memory page in bytes.
public let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

/// Zeroed memory that the process gets from the system in one request, and gives back when this value ends.
public struct AnonymousMemory: ~Copyable {
  /// The memory. Valid as long as this value lives.
  public let bytes: UnsafeMutableRawBufferPointer

  /// Maps `count` bytes, which the system rounds up to whole pages.
  ///
  /// - Throws: `SystemError` if the system has no such memory.
  public init(count: Int) throws(SystemError) {
    let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { throw SystemError(.map) }
    bytes = UnsafeMutableRawBufferPointer(start: address, count: count)
  }

  deinit {
    munmap(bytes.baseAddress, bytes.count)
  }
}
