import Foundation
import SourcesTestSupport
import Testing

/// A tiny model of a family with random weights, converted once.
struct FamilyModel: Sendable {
  /// The floats, and the model that they were converted to.
  let source, path: String

  private static let all: [String: FamilyModel] = {
    var models: [String: FamilyModel] = [:]
    let names = ["bert", "bert-classes", "bert-masked", "bert-tokens", "sentence-mean", "llama", "bart"]
    for name in names {
      guard let directory = try? TemporaryDirectory(), let golden = try? FamilyGolden(name) else { continue }
      try? golden.writeWithText(to: directory)
      let path = "\(directory.path)/\(name).swiftlet"
      _ = try? run(Programs.converter, [directory.path, "-o", path, "--quiet"])
      models[name] = FamilyModel(source: directory.path, path: path)
    }
    return models
  }()

  static func named(_ name: String) throws -> FamilyModel { try #require(all[name]) }

  /// Where the model of a family lies.
  static func path(_ name: String) -> String { all[name]?.path ?? "/nonexistent" }

  /// Lines that every command takes.
  static let lines = ["a b\tc [MASK]", "h e l l o [MASK]\tw o", "b\ta [MASK] a"]
}
