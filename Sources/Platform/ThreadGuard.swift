#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Pages that nothing may touch: below a stack they turn its overflow into a fault at once.
public enum ThreadGuard {
  /// Forbids reading and writing `pages`, which are whole pages.
  ///
  /// - Throws: `SystemError` if the system has no room for one more kind of page in its list of mappings.
  public static func set(_ pages: UnsafeMutableRawBufferPointer) throws(SystemError) {
    guard mprotect(pages.baseAddress, pages.count, PROT_NONE) == 0 else { throw SystemError(.protect) }
  }

  /// Allows them again: they are the caller's memory as before.
  public static func lift(_ pages: UnsafeMutableRawBufferPointer) {
    mprotect(pages.baseAddress, pages.count, PROT_READ | PROT_WRITE)
  }
}
