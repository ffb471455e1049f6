#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Nanoseconds since some moment in the past, never running backwards.
///
/// - Complexity: some 25 ns where the system lets programs read its clock without a call, else a system call.
public func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(truncatingIfNeeded: time.tv_sec) * 1_000_000_000 + UInt64(truncatingIfNeeded: time.tv_nsec)
}
