import Foundation
import SwiftletFuzzing
import SwiftletFuzzingArguments
import Testing

/// Every input that fuzzing found worth keeping, and every one that once did harm, ends in a result or a typed error.
///
/// Serialized: targets share a directory of scratch files.
@Suite(.serialized) struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../Corpus").standardized

  private static let targets = FuzzTarget.all + FuzzTarget.ofCommandLine

  @Test(arguments: targets.map(\.name)) func everyInputIsHarmless(_ name: String) throws {
    let target = try #require(Self.targets.first { $0.name == name })
    let inputs = try FileManager.default.contentsOfDirectory(
      at: Self.folder.appending(path: name), includingPropertiesForKeys: nil)
    #expect(!inputs.isEmpty)
    for input in inputs.sorted(by: { $0.path < $1.path }) {
      let bytes = try Data(contentsOf: input)
      do throws(BrokenPromise) { try run(target, Array(bytes)) } catch {
        Issue.record("\(input.lastPathComponent): \(error)")
      }
    }
  }

  private func run(_ target: FuzzTarget, _ bytes: [UInt8]) throws(BrokenPromise) {
    unsafe try bytes.withUnsafeBufferPointer { (bytes) throws(BrokenPromise) in
      unsafe try target.run(UnsafeRawBufferPointer(bytes))
    }
  }

  @Test func everyDirectoryIsATargets() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(names) == Set(Self.targets.map(\.name)))
  }
}
