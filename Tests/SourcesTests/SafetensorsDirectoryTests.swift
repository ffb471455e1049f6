import Foundation
import SourcesTestSupport
import SwiftletSources
import Testing

@Suite struct SafetensorsDirectoryTests {
  private static let index = SafetensorsDirectory.indexFile

  /// Shard 1 holds a and b, shard 2 holds c.
  private func shards() throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    try directory.write(
      SafetensorsBytes.file([.init("a", [1], [1]), .init("b", [1], [2])]), to: "1.safetensors")
    try directory.write(SafetensorsBytes.file([.init("c", [2], [3, 4])]), to: "2.safetensors")
    return directory
  }

  private func map(_ entries: String) -> String {
    #"{"metadata":{"total_size":16},"weight_map":{\#(entries)}}"#
  }

  private let good = #""a":"1.safetensors","b":"1.safetensors","c":"2.safetensors""#

  @Test func readsOneFile() throws {
    let directory = try TemporaryDirectory()
    try directory.write(SafetensorsBytes.file([.init("a", [1], [1])]), to: "model.safetensors")
    let weights = try SafetensorsDirectory(path: directory.path)
    let tensors = SourceWeights(path: directory.path, tensors: weights.tensors)
    #expect(try tensors.tensor(named: "a")?.floats() == [1])
    #expect(tensors.tensor(named: "b") == nil)
  }

  @Test func readsShards() throws {
    let directory = try shards()
    try directory.write(map(good), to: Self.index)
    let weights = try SafetensorsDirectory(path: directory.path)
    #expect(weights.tensors.map(\.name) == ["a", "b", "c"])
    #expect(try weights.tensors[2].floats() == [3, 4])
  }

  @Test(arguments: [
    (#""a":"1.safetensors""#, "1.safetensors holds tensor b, which the index doesn't place there"),
    (
      #""a":"2.safetensors","b":"1.safetensors","c":"2.safetensors""#,
      "1.safetensors holds tensor a, which the index doesn't place there"
    ),
    (
      #""a":"1.safetensors","b":"1.safetensors","c":"2.safetensors","d":"2.safetensors""#,
      "tensor d is not in 2.safetensors, where the index has it"
    ),
    (#""a":"../1.safetensors""#, "weight_map: \"../1.safetensors\" is not a plain file name"),
    (#""a":"/etc/passwd""#, "weight_map: \"/etc/passwd\" is not a plain file name"),
    (#""a":"..""#, "weight_map: \"..\" is not a plain file name"),
    (#""a":"""#, "weight_map: \"\" is not a plain file name"),
    (#""a":1"#, "weight_map: the shard of a is not text"),
    (#""a":"1.safetensors","a":"1.safetensors""#, "not valid JSON at byte 64: the key \"a\" appears twice"),
    (#""a":"3.safetensors""#, "cannot open: no such file or directory"),
  ])
  func refusesAnIndex(_ entries: String, _ message: String) throws {
    let directory = try shards()
    try directory.write(map(entries), to: Self.index)
    let error = #expect(throws: SourceError.self) { try SafetensorsDirectory(path: directory.path) }
    let found = try #require(error).description
    #expect(found.contains(message), "\(found)")
  }

  @Test func refusesANameInTwoShards() throws {
    let directory = try shards()
    try directory.write(
      SafetensorsBytes.file([.init("c", [1], [3]), .init("a", [1], [1])]), to: "2.safetensors")
    try directory.write(map(good), to: Self.index)
    let error = #expect(throws: SourceError.self) { try SafetensorsDirectory(path: directory.path) }
    #expect(error?.description.contains("2.safetensors holds tensor a, which the index") == true)
  }

  @Test func refusesAnIndexWithoutMap() throws {
    let directory = try shards()
    try directory.write("{}", to: Self.index)
    let error = #expect(throws: SourceError.self) { try SafetensorsDirectory(path: directory.path) }
    #expect(error?.description.hasSuffix("weight_map is missing, or not an object") == true)
  }

  @Test func refusesBothFormsAndNone() throws {
    let directory = try shards()
    let none = #expect(throws: SourceError.self) { try SafetensorsDirectory(path: directory.path) }
    #expect(none?.description.contains("has neither model.safetensors nor") == true)
    try directory.write(map(good), to: Self.index)
    try directory.write(SafetensorsBytes.file([]), to: "model.safetensors")
    let both = #expect(throws: SourceError.self) { try SafetensorsDirectory(path: directory.path) }
    #expect(both?.description.contains("holds both") == true)
    let nowhere = #expect(throws: SourceError.self) { try SafetensorsDirectory(path: "/nowhere") }
    #expect(nowhere?.description == "/nowhere: cannot open: no such file or directory")
  }
}
