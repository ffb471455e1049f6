import Foundation

/// A directory of its own for one test. All of them are removed when the process exits: not with the value, whose
/// lifetime the optimiser may end before the files' last use.
package struct TemporaryDirectory: Sendable {
  package let path: String

  /// - Parameter inMemory: Whether its files had better lie in memory, as they are written often.
  package init(inMemory: Bool = false) throws {
    path = "\(inMemory ? memoryRoot : root)/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Writes a file and returns its path.
  @discardableResult
  package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult
  package func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }
}

/// Where all of this process's directories are.
private let root: String = {
  atexit { try? FileManager.default.removeItem(atPath: root) }
  return FileManager.default.temporaryDirectory.appending(path: "swiftlet-tests-\(getpid())").path
}()

/// Where those are that had better lie in memory; where the system has no such place, among the others.
private let memoryRoot: String = {
  guard FileManager.default.isWritableFile(atPath: "/dev/shm") else { return root }
  atexit { try? FileManager.default.removeItem(atPath: memoryRoot) }
  return "/dev/shm/swiftlet-tests-\(getpid())"
}()
