import Foundation

/// A directory for what is only read from files, in memory where the system has such a place (`TMPDIR`).
///
/// Used by one thread: an input after the other.
package final class ScratchFiles: @unchecked Sendable {
  package static let shared = ScratchFiles()

  let path: String
  private var written: Set<String> = []

  private init() {
    path = FileManager.default.temporaryDirectory.appending(path: "swiftlet-fuzz-\(getpid())").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: ScratchFiles.shared.path) }
  }

  /// The path of one file with these bytes.
  package func file(_ bytes: UnsafeRawBufferPointer) -> String {
    unsafe write(bytes, to: "input")
    return "\(path)/input"
  }

  /// The path of a directory with these files and no others; what is empty is not there.
  func directory(_ files: [(name: String, bytes: UnsafeRawBufferPointer)]) -> String {
    let old = written
    written = []
    for index in unsafe files.indices where unsafe !files[index].bytes.isEmpty {
      let file = unsafe files[index]
      if unsafe file.name.contains("/") { unsafe makeDirectory(of: file.name) }
      unsafe write(file.bytes, to: unsafe "directory/\(file.name)")
      unsafe written.insert(file.name)
    }
    for name in old.subtracting(written) { unsafe unlink("\(path)/directory/\(name)") }
    return "\(path)/directory"
  }

  private func makeDirectory(of name: String) {
    let folder = ("\(path)/directory/\(name)" as NSString).deletingLastPathComponent
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func write(_ bytes: UnsafeRawBufferPointer, to name: String) {
    let file = "\(path)/\(name)"
    // A new file each time: another one may still be mapped.
    unsafe unlink(file)
    var descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    if descriptor < 0 {
      unsafe mkdir("\(path)/directory", 0o700)
      descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    }
    defer { close(descriptor) }
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
      let count = unsafe Foundation.write(descriptor, rest.baseAddress, rest.count)
      guard count > 0 else { fatalError("cannot write \(file)") }
      unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }
}
