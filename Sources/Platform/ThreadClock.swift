/// Nanoseconds since some moment in the past, never running backwards.
///
/// - Complexity: some 25 ns where the C library reads the system's clock without a call, else a system call.
public func monotonicNanoseconds() -> UInt64 { System.monotonicNanoseconds }
