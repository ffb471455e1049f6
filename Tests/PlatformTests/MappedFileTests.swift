import Foundation
import SourcesTestSupport
import SwiftletPlatform
import Testing

struct MappedFileTests {
  @Test(arguments: [FilePlacement.mapped, .locked, .copied])
  func bytesAreTheFiles(_ placement: FilePlacement) throws {
    let directory = try TemporaryDirectory()
    let content = (0..<70_001).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let path = try directory.write(content, to: "file")
    let file: MappedFile
    do { file = try unsafe MappedFile(path: path, placement) } catch {
      // What may be locked can be less than this.
      #expect(
        placement == .locked && error.description.hasPrefix("cannot lock 70001 bytes in memory, allowed are ")
      )
      return
    }
    unsafe #expect(Array(file.bytes) == content)
  }

  /// A copy stays what it was when the file is cut short and changed.
  @Test func aCopyIsIndependent() throws {
    let directory = try TemporaryDirectory()
    let content = [UInt8](repeating: 7, count: 70_000)
    let path = try directory.write(content, to: "file")
    let copy = try unsafe MappedFile(path: path, .copied)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: [1, 2, 3])
    try handle.truncate(atOffset: 3)
    unsafe #expect(Array(copy.bytes) == content)
  }

  @Test(arguments: [FilePlacement.mapped, .locked, .copied])
  func emptyAndMissingFiles(_ placement: FilePlacement) throws {
    let path = try TemporaryDirectory().write([], to: "empty")
    let file = try unsafe MappedFile(path: path, placement)
    unsafe #expect(file.bytes.isEmpty)
    #expect(throws: SystemError(.open, number: ENOENT)) {
      _ = try MappedFile(path: path + "-no", placement)
    }
  }

  @Test func refusalsHaveNumbers() {
    let lock = SystemError(.lock(bytes: 1000, limit: 64), number: ENOMEM)
    #expect(lock.description == "cannot lock 1000 bytes in memory, allowed are 64: Cannot allocate memory")
    #expect(
      SystemError(.copy(bytes: 1000), number: ENOMEM).description
        == "no memory for a copy of 1000 bytes: Cannot allocate memory")
  }
}
