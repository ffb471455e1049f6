/// Lends a copy of bytes in memory of just that size, so that a sanitizer sees who reads past it.
package func withCopy<Result, Failure: Error>(
  _ bytes: UnsafeRawBufferPointer, alignment: Int,
  _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
) throws(Failure) -> Result {
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: alignment)
  defer { unsafe copy.deallocate() }
  unsafe copy.copyMemory(from: bytes)
  return unsafe try body(UnsafeRawBufferPointer(copy))
}
