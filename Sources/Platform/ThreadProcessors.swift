#if os(Linux)
  import SwiftletMachine
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many processors this thread may run on; `Int.max` if the system doesn't say.
public func usableProcessors() -> Int {
  #if os(Linux)
    var set = InlineArray<128, UInt64>(repeating: 0)  // For up to 8,192 processors.
    guard machine_affinity(&set, UInt(MemoryLayout.size(ofValue: set))) > 0 else { return .max }
    var count = 0
    for index in set.indices { count += set[index].nonzeroBitCount }
    return count
  #else
    let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return count > 0 ? count : .max
  #endif
}

/// The number of the processor that this thread runs on just now; nil if the system doesn't say.
///
/// - Complexity: a system call, some 100 ns.
public func currentProcessor() -> UInt32? {
  #if os(Linux)
    UInt32(exactly: machine_processor())
  #else
    nil
  #endif
}
