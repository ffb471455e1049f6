import Foundation
import SourcesTestSupport
import Testing

/// A tiny model of a family with random weights, converted once.
struct FamilyModel: Sendable {
  let name: String
  let path: String

  private static let all: [String: FamilyModel] = {
    var models: [String: FamilyModel] = [:]
    let names = ["bert", "bert-classes", "bert-masked", "bert-tokens", "sentence-mean", "llama", "bart"]
    for name in names {
      guard let directory = try? TemporaryDirectory(), let golden = try? FamilyGolden(name) else { continue }
      try? golden.writeWithText(to: directory)
      let path = "\(directory.path)/\(name).swiftlet"
      _ = try? run(Programs.converter, [directory.path, "-o", path, "--quiet"])
      models[name] = FamilyModel(name: name, path: path)
    }
    return models
  }()

  /// Where the model of a family lies.
  static func path(_ name: String) -> String { all[name]?.path ?? "/nonexistent" }

  /// The command that runs the model, with what it needs.
  static let commands: [[String]] = [
    ["embed", path("sentence-mean")], ["embed", path("bert"), "--pooling", "max"],
    ["classify", path("bert-classes"), "--top", "3"], ["classify", path("bert-tokens")],
    ["fill", path("bert-masked")], ["generate", path("llama"), "--max-tokens", "6"],
    ["score", path("llama")], ["score", path("bart")],
  ]

  /// Lines that every one of these commands takes.
  static let lines = ["a b\tc [MASK]", "h e l l o [MASK]\tw o", "b\ta [MASK] a"]
}

/// The JSON object of each line.
func objects(_ finished: Finished) throws -> [[String: Any]] {
  try finished.text.split(separator: "\n").map {
    try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
  }
}
