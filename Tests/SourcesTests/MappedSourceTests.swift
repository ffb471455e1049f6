import Foundation
import SourcesTestSupport
import SwiftletSources
import Testing

@Suite struct MappedSourceTests {
  @Test func lendsItsBytes() throws {
    let directory = try TemporaryDirectory()
    let source = try MappedSource(path: try directory.write("abcdef", to: "text"))
    #expect(source.count == 6)
    unsafe #expect(source.withBytes(2..<4) { Array($0) } == Array("cd".utf8))
    unsafe #expect(source.withBytes(4..<100) { Array($0) } == Array("ef".utf8))
    source.release(0..<6)
    unsafe #expect(source.withBytes(0..<1) { $0.first } == UInt8(ascii: "a"))
  }

  @Test func anEmptyFileIsNoError() throws {
    let directory = try TemporaryDirectory()
    let source = try MappedSource(path: try directory.write("", to: "empty"))
    #expect(source.count == 0)
    unsafe #expect(source.withBytes(0..<10) { $0.count } == 0)
    source.release(0..<10)
  }

  @Test func namesTheSystemsReason() {
    let error = #expect(throws: SourceError.self) { try MappedSource(path: "/dev/null") }
    #expect(error == .system(SystemError(path: "/dev/null", operation: .open, code: EINVAL)))
  }

  /// Reading 64 MB tensor by tensor keeps only the tensor in use in memory.
  @Test func releasedPagesLeaveMemory() throws {
    let directory = try TemporaryDirectory()
    let tensors = (0..<16).map { index in
      SafetensorsBytes.Tensor(
        "t\(index)", type: "F32", shape: [1024, 1024], bytes: [UInt8](repeating: UInt8(index), count: 4 << 20)
      )
    }
    let path = try directory.write(SafetensorsBytes.file(tensors), to: "large")
    let file = try Safetensors(path: path)
    for tensor in file.tensors {
      _ = try tensor.floats()
      tensor.release()
    }
    #expect(try residentBytes(of: path) <= 1 << 20)
    _ = try file.tensors[3].floats()
    #expect(try residentBytes(of: path) >= 3 << 20)
    withExtendedLifetime(file) {}
  }

  /// What the kernel says is in memory of the mapping of a file.
  private func residentBytes(of path: String) throws -> Int {
    // The file has no size of its own, so it must be read to its end.
    let data = try #require(
      try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/smaps")).readToEnd())
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let begin = try #require(lines.firstIndex { $0.hasSuffix(path) })
    let line = try #require(lines[begin...].first { $0.hasPrefix("Rss:") })
    return 1024 * (Int(line.split(separator: " ")[1]) ?? -1)
  }
}
