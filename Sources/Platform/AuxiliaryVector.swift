#if os(Linux) || !(canImport(Darwin) || arch(wasm32))
  import SwiftletMachine
#endif

/// An entry of the vector that Linux gives to every program: the size of a page, what the processor can do.
///
/// - Parameter type: Which one, as `AT_…` in Linux's `auxvec.h`: 6 is the size of a page, 16 and 26 the
///   processor's capabilities (`HWCAP`, `HWCAP2`).
/// - Returns: Its value; 0 if there is none of this type, and on other systems.
public func auxiliaryValue(_ type: UInt) -> UInt {
  #if os(Linux) || !(canImport(Darwin) || arch(wasm32))
    return machine_auxiliary_value(type)
  #else
    return 0
  #endif
}
