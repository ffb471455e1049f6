#if !(arch(wasm32) || canImport(Darwin))
  import SwiftletMachine

  /// An entry of the vector that Linux gives to every program: the size of a page, what the processor can do.
  ///
  /// - Parameter type: Which one, as `AT_…` in Linux's `auxvec.h`: 6 is the size of a page, 16 and 26 the
  ///   processor's capabilities (`HWCAP`, `HWCAP2`).
  /// - Returns: Its value; 0 if there is none of this type.
  public func auxiliaryValue(_ type: UInt) -> UInt { machine_auxiliary_value(type) }
#endif
