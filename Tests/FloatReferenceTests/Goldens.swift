import Foundation
import SwiftletSources
import Testing

/// What PyTorch's `MarianMTModel` computed in float32 for one sentence.
struct Golden: Sendable {
  let source: [Int]
  let ids: [Int]
  let logProbabilities: [Double]
}

/// The project's model with its goldens.
enum TrainedModel {
  static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "weights/en-fr").path

  static func goldens() throws -> [Golden] {
    let text = try String(contentsOfFile: "\(directory)/dev.pytorch.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      guard case .object(let object) = try StrictJSON(text: String(line)) else {
        throw SourceError.json(file: directory, JSONError(problem: .unexpectedEnd, offset: 0))
      }
      return Golden(
        source: numbers(object["source_ids"]).map { Int($0) }, ids: numbers(object["ids"]).map { Int($0) },
        logProbabilities: numbers(object["log_probs"]))
    }
  }

  private static func numbers(_ value: StrictJSON?) -> [Double] {
    guard case .array(let values) = value else { return [] }
    return values.map { value in
      switch value {
      case .integer(let value): Double(value)
      case .number(let value): value
      default: .nan
      }
    }
  }
}
