import Foundation

/// A file mapped read-only: its pages come from the disk when they are touched, so that a source of many
/// gigabytes costs no more memory than the part in use.
///
/// - Warning: Whoever truncates the file while it is mapped causes a signal (SIGBUS) when a page is touched that it no
///   longer has. No check can prevent it; the programs make it an error.
public final class MappedSource: Sendable {
  /// The path as it was given.
  public let path: String
  /// The file's size in bytes.
  public let count: Int
  /// The address of the first byte: nil for an empty file. Kept as a number, because it never changes and
  /// crosses threads freely.
  private let address: UInt
  private let identity: Identity

  /// Which file it is, and when it was last written.
  private struct Identity: Equatable {
    let (device, file): (UInt64, UInt64)
    let size, seconds, nanoseconds: Int

    init(_ status: stat) {
      (device, file) = (UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino))
      size = Int(status.st_size)
      #if canImport(Darwin)
        (seconds, nanoseconds) = (Int(status.st_mtimespec.tv_sec), Int(status.st_mtimespec.tv_nsec))
      #else
        (seconds, nanoseconds) = (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec))
      #endif
    }
  }

  /// Maps a regular file.
  ///
  /// - Throws: `SourceError.system` with the path and the system's reason.
  public convenience init(path: String) throws(SourceError) { try self.init(path: path, most: .max) }

  /// Maps a file of at most `most` bytes.
  ///
  /// - Throws: as the other, and `SourceError.unsupported` with both numbers for a larger one.
  package init(path: String, most: Int) throws(SourceError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(SystemError(path: path, operation: .open, code: errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(SystemError(path: path, operation: .inspect, code: errno))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let code = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
      throw .system(SystemError(path: path, operation: .open, code: code))
    }
    guard status.st_size <= most else {
      throw .unsupported(file: path, reason: "has \(status.st_size) bytes: at most \(most) are read")
    }
    self.path = path
    self.count = Int(status.st_size)
    self.identity = Identity(status)
    self.address = try Self.map(descriptor, count: Int(status.st_size), path: path)
  }

  deinit {
    if address != 0 { unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), count) }
  }

  private static func map(_ descriptor: Int32, count: Int, path: String) throws(SourceError) -> UInt {
    guard count > 0 else { return 0 }
    let region = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let region = unsafe region, unsafe region != MAP_FAILED else {
      throw .system(SystemError(path: path, operation: .map, code: errno))
    }
    return UInt(bitPattern: region)
  }

  /// Lends the bytes of `range`, which is clamped to the file.
  ///
  /// The pointer is valid only within `body`.
  public func withBytes<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = range.clamped(to: 0..<count)
    let start = unsafe address == 0 ? nil : UnsafeRawPointer(bitPattern: address + UInt(range.lowerBound))
    return unsafe try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : range.count))
  }

  /// Checks that there are no more lines than are read.
  ///
  /// - Throws: `SourceError.unsupported` with both numbers.
  package func checkLines() throws(SourceError) {
    let lines = unsafe withBytes(0..<count) { bytes in unsafe bytes.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } }
    guard lines <= SourceLimits.lines else {
      throw .unsupported(file: path, reason: "has \(lines) lines: at most \(SourceLimits.lines) are read")
    }
  }

  /// Asks whether the file is still the one that was mapped, as it was: to be called after reading.
  ///
  /// - Throws: `SourceError.changed` if it was written to, cut short, replaced or removed.
  /// - Complexity: a system call, about a microsecond.
  public func checkUnchanged() throws(SourceError) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, Identity(status) == identity else { throw .changed(file: path) }
  }

  /// Gives the memory of the pages that `range` touches back to the system; they are read again when needed.
  ///
  /// It is a hint about memory only: no byte changes, and a refusal by the system is of no consequence.
  public func release(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<count)
    guard !range.isEmpty, address != 0 else { return }
    let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
    let start = (address + UInt(range.lowerBound)) / page * page
    let length = address + UInt(range.upperBound) - start
    _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: start), Int(length), MADV_DONTNEED)
  }
}
