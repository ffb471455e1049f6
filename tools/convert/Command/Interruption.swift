import Foundation
import Synchronization

/// SIGINT or SIGTERM. It is noted when it comes and thrown between two tensors, so that the conversion takes its
/// temporary file away before the program ends.
struct Interruption: Error, CustomStringConvertible {
  private let number: Int32
  private static let noted = Atomic<Int32>(0)

  /// Begins to note signals.
  static func watch() {
    _ = noted.load(ordering: .relaxed)  // Made now, not in the handler.
    for number in [SIGINT, SIGTERM] { signal(number) { Interruption.noted.store($0, ordering: .relaxed) } }
  }

  /// - Throws: The signal, if there was one.
  static func check() throws(Interruption) {
    let number = noted.load(ordering: .relaxed)
    if number != 0 { throw Interruption(number: number) }
  }

  /// Ends the program as the signal would have.
  func end() -> Never {
    signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
  }

  var description: String { "interrupted; nothing was changed" }
}
