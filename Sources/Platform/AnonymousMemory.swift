/// The size of a memory page in bytes.
public var pageSize: Int { System.pageSize }

/// Zeroed memory that the process gets from the system in one request, and gives back when this value ends.
@safe public struct AnonymousMemory: ~Copyable {
  /// The memory. Valid as long as this value lives.
  public let bytes: UnsafeMutableRawBufferPointer

  /// Maps `count` bytes, which the system rounds up to whole pages.
  ///
  /// - Throws: `SystemError` if the system has no such memory.
  public init(count: Int) throws(SystemError) {
    unsafe bytes = UnsafeMutableRawBufferPointer(
      start: try System.mapMemory(count: count), count: count)
  }

  deinit {
    if let address = unsafe bytes.baseAddress { unsafe System.unmap(address, count: bytes.count) }
  }
}
