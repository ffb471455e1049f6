#if arch(wasm32)
  import SwiftletMachine

  /// A WebAssembly module has no system: only memory, which can grow.
  enum System {
    /// Zeros at the end of the memory, which grows by whole pages.
    static func mapMemory(count: Int) throws(SystemError) -> UnsafeMutableRawPointer {
      let pages = (count + pageSize - 1) / pageSize
      let before = machine_memory_grow(UInt(bitPattern: pages))
      guard before != UInt.max,
        let address = unsafe UnsafeMutableRawPointer(bitPattern: before &* UInt(bitPattern: pageSize))
      else { throw SystemError(.map, number: SystemError.outOfMemory) }
      return unsafe address
    }

    /// Memory never shrinks.
    static func unmap(_ address: UnsafeMutableRawPointer, count: Int) {}

    static var environment: UnsafePointer<UnsafePointer<CChar>?>? { nil }

    static var pageSize: Int { 65536 }
  }

  /// There is one thread, which has nobody to wait for.
  extension System {
    /// Never one: a pointer as elsewhere, so that the same uses are unsafe.
    typealias Thread = UnsafeRawPointer

    static var mostThreads: Int { 1 }

    static var minimumStack: Int { pageSize }

    static func startThread(
      _ stack: UnsafeMutableRawBufferPointer, _ argument: UnsafeMutableRawPointer, _ body: SystemThread.Body
    ) throws(SystemError) -> Thread {
      throw SystemError(.thread, number: SystemError.notImplemented)
    }

    static func join(_ thread: Thread) {}

    static func wait(_ word: UnsafeMutablePointer<UInt32>, while value: UInt32) {}

    static func wake(_ word: UnsafeMutablePointer<UInt32>) {}

    static func protect(_ pages: UnsafeMutableRawBufferPointer, allowsAccess: Bool) throws(SystemError) {
      throw SystemError(.protect, number: SystemError.notImplemented)
    }

    static var monotonicNanoseconds: UInt64 { 0 }

    static var usableProcessors: Int? { 1 }

    static var currentProcessor: UInt32? { nil }
  }
#endif
