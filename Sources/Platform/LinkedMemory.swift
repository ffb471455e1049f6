import SwiftletMachine

/// The memory that a program for boards may be linked with: the kernel sets it aside when it starts the program, or
/// does not start it. Other programs have none.
public enum LinkedMemory {
  /// Its size in bytes; nil if there is none.
  public static var size: Int? {
    #if canImport(Glibc) || canImport(Musl) || canImport(Darwin) || arch(wasm32)
      nil
    #else
      machine_arena_size() > 0 ? Int(bitPattern: machine_arena_size()) : nil
    #endif
  }

  /// All of it, zeroed, for the first who asks: at the start of a page of 4 KiB. Nobody gives it back.
  public static func take() -> UnsafeMutableRawBufferPointer? {
    #if canImport(Glibc) || canImport(Musl) || canImport(Darwin) || arch(wasm32)
      nil
    #else
      unsafe machine_take_arena().map {
        unsafe UnsafeMutableRawBufferPointer(start: $0, count: Int(bitPattern: machine_arena_size()))
      }
    #endif
  }
}
