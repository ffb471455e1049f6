import Foundation
import Synchronization

/// A file that appears under its name only when it is whole: written beside the target, synced, then renamed.
///
/// Until `commit()` the target is as it was; if that never comes, the temporary file is removed.
@safe final class AtomicFile {
  private let path: String
  private let temporaryPath: String
  private var descriptor: Int32
  /// The temporary file's name for `removeUnfinished`, which can't use a `String`.
  private let name: UnsafeMutablePointer<CChar>
  private static let unfinished = Atomic<UInt>(0)

  /// Creates the temporary file in the target's directory. The target, if there is one, must be a regular file:
  /// renaming would replace a device such as `/dev/null`.
  init(path: String) throws {
    self.path = path
    var status = stat()
    guard unsafe stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      throw ConversionError.file(path: path, action: "create", reason: "Not a regular file")
    }
    temporaryPath = "\(path).\(getpid()).tmp"
    unsafe name = unsafe strdup(temporaryPath)
    unsafe unlink(temporaryPath)
    descriptor = unsafe open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.error(path, "create") }
    unsafe Self.unfinished.store(UInt(bitPattern: name), ordering: .relaxed)
  }

  deinit {
    _ = unsafe Self.unfinished.compareExchange(
      expected: UInt(bitPattern: name), desired: 0, ordering: .relaxed)
    discard()
    unsafe free(name)
  }

  /// Removes the last temporary file that was made, if it is still there. For handlers of signals that end the process:
  /// nothing is allocated.
  static func removeUnfinished() {
    guard let name = unsafe UnsafePointer<CChar>(bitPattern: unfinished.exchange(0, ordering: .relaxed))
    else {
      return
    }
    unsafe unlink(name)
  }

  /// Writes all of `bytes` at a file offset.
  func write(_ bytes: [UInt8], at offset: Int) throws {
    unsafe try bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let count = unsafe pwrite(
          descriptor, buffer.baseAddress! + written, buffer.count - written, off_t(offset + written))
        if count > 0 {
          written += count
        } else if count == 0 || errno != EINTR {
          throw Self.error(path, "write")
        }
      }
    }
  }

  /// Calls `body` with the first `count` bytes of the file, mapped.
  func withMappedBytes<Result>(
    count: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw Self.error(path, "map") }
    defer { unsafe munmap(address, count) }
    return unsafe try body(UnsafeRawBufferPointer(start: address, count: count))
  }

  /// Calls `check` with the temporary file's name, then gives the file its name.
  func commit(check: (String) throws -> Void) throws {
    while fsync(descriptor) != 0 {
      guard errno == EINTR else { throw Self.error(path, "write") }
    }
    try check(temporaryPath)
    guard unsafe rename(temporaryPath, path) == 0 else {
      throw Self.error(path, "rename the finished file to")
    }
    close(descriptor)
    descriptor = -1
    // The new name is safe once the directory is; some file systems can't sync one, which is no error.
    let parent = (path as NSString).deletingLastPathComponent
    let directory = unsafe open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  private func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unsafe unlink(temporaryPath)
  }

  private static func error(_ path: String, _ action: String) -> ConversionError {
    unsafe .file(path: path, action: action, reason: String(cString: strerror(errno)))
  }
}
