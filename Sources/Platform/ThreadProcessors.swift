/// How many processors this thread may run on; `Int.max` if the system doesn't say.
public func usableProcessors() -> Int { System.usableProcessors ?? .max }

/// The number of the processor that this thread runs on just now; nil if the system doesn't say.
///
/// - Complexity: a system call, some 100 ns.
public func currentProcessor() -> UInt32? { System.currentProcessor }
