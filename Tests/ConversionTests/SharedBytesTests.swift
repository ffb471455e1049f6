import SourcesTestSupport
import SwiftletConversion
import SwiftletFamilies
import SwiftletModelFile
import Testing

/// What several tensors have in common is stored once.
@Suite struct SharedBytesTests {
  /// The entries of the file that a golden model becomes.
  private func tensors(_ name: String) throws -> [Tensor] {
    let directory = try TemporaryDirectory()
    try FamilyGolden(name).write(to: directory)
    let path = "\(directory.path)/model.swiftlet"
    let model = try ModelImporter.load(directory.path)
    _ = try model.write(to: path, QuantizationOptions(), TokenizerSections(source: [])) { _, _, _ in }
    let file = try unsafe ModelFile(path: path)
    return try (0..<file.tensorCount).map { try file.tensor(at: $0) }
  }

  @Test(arguments: FamilyGolden.names) func everyFamilyBecomesAFileThatOpens(_ name: String) throws {
    #expect(try !tensors(name).isEmpty)
  }

  @Test func layersOfSharedWeightsHaveTheSamePlaces() throws {
    let all = try tensors("albert")
    let (first, second) = (
      all.filter { $0.name.stack == .encoder && $0.name.layer == 0 && $0.name.part.rawValue >= 6 },
      all.filter { $0.name.stack == .encoder && $0.name.layer == 1 }
    )
    let layer = first.filter { part in second.contains { $0.name.part == part.name.part } }
    #expect(layer.count == second.count && second.count == 6)
    for (left, right) in zip(layer, second) {
      #expect(left.data == right.data && left.scales == right.scales && left.bias == right.bias)
    }
  }

  @Test func layersOfTheirOwnWeightsHaveTheirOwnPlaces() throws {
    let projections = try tensors("bert").filter { $0.name.part == .selfQueryKeyValue }
    #expect(projections.count == 2)
    #expect(Set(projections.map(\.data)).count == 2 && Set(projections.map(\.bias)).count == 2)
  }

  @Test func aTiedOutputLiesInTheEmbeddings() throws {
    for (name, isTied) in [("gpt2", true), ("bert-masked", true), ("llama", false), ("t5-untied", false)] {
      let all = try tensors(name)
      let embedding = try #require(all.first { $0.name.part == .sourceEmbedding })
      let output = try #require(all.first { $0.name.part == .output })
      #expect((embedding.data == output.data) == isTied)
    }
  }
}
