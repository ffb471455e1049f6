/// Pages that nothing may touch: below a stack they turn its overflow into a fault at once.
public enum ThreadGuard {
  /// Forbids reading and writing `pages`, which are whole pages.
  ///
  /// - Throws: `SystemError` if the system has no room for one more kind of page in its list of mappings.
  public static func set(_ pages: UnsafeMutableRawBufferPointer) throws(SystemError) {
    try unsafe System.protect(pages, allowsAccess: false)
  }

  /// Allows them again: they are the caller's memory as before.
  public static func lift(_ pages: UnsafeMutableRawBufferPointer) {
    // Joining mappings, unlike splitting one, needs no room in the list.
    try? unsafe System.protect(pages, allowsAccess: true)
  }
}
