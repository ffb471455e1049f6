import Foundation
import Synchronization

/// What happens when a file loses pages while it is mapped (it was cut short, or its disk failed): an error that names
/// it, not a core dump.
///
/// All but `areErrors` runs in the handler of a signal: nothing is allocated, and no lock is taken.
enum LostPages {
  nonisolated(unsafe) private static var start: UnsafeMutablePointer<CChar>?
  nonisolated(unsafe) private static var mappings: MappingList?
  nonisolated(unsafe) private static var cleanUp: @convention(c) () -> Void = {}
  private static let threads = Atomic<Int>(0)

  /// From now on, such a loss is told as an error of `program`, and ends it with status 1.
  ///
  /// - Parameter cleanUp: Called before the end, in the handler.
  static func areErrors(of program: String, cleanUp: @escaping @convention(c) () -> Void) {
    unsafe start = unsafe strdup("\(program): error: ")
    unsafe mappings = MappingList()
    unsafe LostPages.cleanUp = cleanUp
    _ = threads.load(ordering: .relaxed)  // Made now, not in the handler.
    var action = sigaction()
    action.sa_flags = Int32(SA_SIGINFO)
    #if canImport(Darwin)
      action.__sigaction_u.__sa_sigaction = { _, info, _ in
        LostPages.end(UInt(bitPattern: info?.pointee.si_addr))
      }
    #else
      unsafe action.__sigaction_handler.sa_sigaction = { _, info, _ in
        unsafe LostPages.end(UInt(bitPattern: info?.pointee._sifields._sigfault.si_addr))
      }
    #endif
    unsafe sigaction(SIGBUS, &action, nil)
  }

  /// The first thread that misses a page says so; others sleep until the process ends.
  private static func end(_ address: UInt) -> Never {
    if threads.exchange(1, ordering: .relaxed) != 0 { while true { pause() } }
    unsafe cleanUp()
    if let start = unsafe start { _ = unsafe write(2, start, strlen(start)) }
    if let path = unsafe mappings?.path(at: address) {
      _ = unsafe write(2, path.baseAddress, path.count)
    } else {
      tell("a file")
    }
    tell(": a page of it is gone: the file was cut short, or its disk failed\n")
    _exit(1)
  }

  private static func tell(_ text: StaticString) {
    _ = unsafe write(2, text.utf8Start, text.utf8CodeUnitCount)
  }
}
