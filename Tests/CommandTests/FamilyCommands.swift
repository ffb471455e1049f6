import Foundation
import Testing

extension FamilyModel {
  /// The command that runs the model, with what it needs.
  static let commands: [[String]] = [
    ["embed", path("sentence-mean")], ["embed", path("bert"), "--pooling", "max"],
    ["classify", path("bert-classes"), "--top", "3"], ["classify", path("bert-tokens")],
    ["fill", path("bert-masked")], ["generate", path("llama"), "--max-tokens", "6"],
    ["score", path("llama")], ["score", path("bart")],
  ]
}

/// The JSON object of each line.
func objects(_ finished: Finished) throws -> [[String: Any]] {
  try finished.text.split(separator: "\n").map {
    try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
  }
}
