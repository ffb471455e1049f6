#if arch(wasm32)
  import SwiftletMachine

  /// A WebAssembly module has no system: only memory, which can grow.
  enum System {
    /// Zeros at the end of the memory, which grows by whole pages.
    static func mapMemory(count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
      let pages = (count + pageSize - 1) / pageSize
      let before = machine_memory_grow(UInt(bitPattern: pages))
      guard before != UInt.max,
        let address = UnsafeMutableRawPointer(bitPattern: before &* UInt(bitPattern: pageSize))
      else { throw SystemError(.map, number: SystemError.outOfMemory) }
      return address
    }

    /// Memory never shrinks.
    static func unmap(_ address: UnsafeMutableRawPointer, count: Int) {}

    static var environment: UnsafePointer<UnsafePointer<CChar>?>? { nil }

    static var pageSize: Int { 65536 }
  }
#endif
