import Foundation
import Synchronization
import SwiftletDecoding
import SwiftletFloatReference
import SwiftletSources
import Testing

/// Beam search over the float reference against transformers' `generate`: see tools/reference/pytorch_beams.py.
///
/// The committed goldens are of 100 sentences. `SWIFTLET_BEAM_GOLDENS=FILE swift test …` checks those of another file.
@Suite struct BeamGoldenTests {
  /// The goldens of one setting.
  struct Goldens {
    var settings: SearchSettings
    var name: String
    var hypotheses: [[Hypothesis]] = []
  }

  static func goldens() throws -> [Goldens] {
    let given = ProcessInfo.processInfo.environment["SWIFTLET_BEAM_GOLDENS"]
    let path = given ?? repository.appending(path: "Tests/DecodingTests/Fixtures/beams.txt").path
    var all: [Goldens] = []
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("#") {
        all.append(setting(line))
      } else {
        all[all.count - 1].hypotheses.append(hypotheses(line))
      }
    }
    return all
  }

  private static func setting(_ line: Substring) -> Goldens {
    let words = line.split(separator: " ")
    var settings = SearchSettings()
    settings.beams = Int(words[1]) ?? 0
    settings.nBest = settings.beams
    settings.lengthPenalty = Float(words[2]) ?? .nan
    settings.earlyStopping = words[3] == "true" ? .whenFull : words[3] == "never" ? .never : .heuristic
    settings.forcesEnd = true
    return Goldens(settings: settings, name: String(line.dropFirst(2)))
  }

  private static func hypotheses(_ line: Substring) -> [Hypothesis] {
    line.split(separator: "|").map { text in
      let words = text.split(separator: " ")
      return Hypothesis(score: Float(words[0]) ?? .nan, ids: words.dropFirst().compactMap { Int($0) })
    }
  }

  static func sources() throws -> [[Int]] {
    let path = repository.appending(path: "weights/en-fr/dev.pytorch.jsonl").path
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      guard case .object(let object) = try StrictJSON(text: String(line)),
        case .array(let values) = object["source_ids"]
      else { return [] }
      return values.compactMap { if case .integer(let value) = $0 { Int(value) } else { nil } }
    }
  }

  @Test func hypothesesAreTransformers() throws {
    let model = try FloatModel(source: repository.appending(path: "weights/en-fr").path)
    let sources = try Self.sources()
    for goldens in try Self.goldens() {
      let settings = goldens.settings
      let results = Mutex([Int: [Hypothesis]]())
      DispatchQueue.concurrentPerform(iterations: goldens.hypotheses.count) { index in
        let found = try? model.hypotheses(settings, sources: [sources[index]], longest: 128)
        results.withLock { $0[index] = found?[0] }
      }
      let found = results.withLock { $0 }
      var (identical, best, total) = (0, 0, 0)
      var error: Float = 0
      for (index, expected) in goldens.hypotheses.enumerated() {
        let mine = found[index] ?? []
        total += expected.count
        for (rank, hypothesis) in expected.enumerated() where rank < mine.count {
          guard mine[rank].ids == hypothesis.ids else {
            print(
              "\(goldens.name): sentence \(index + 1), rank \(rank): \(mine[rank]), expected \(hypothesis)")
            continue
          }
          identical += 1
          if rank == 0 { best += 1 }
          if settings.beams > 1 { error = max(error, abs(mine[rank].score - hypothesis.score)) }
        }
      }
      print(
        "beams, length penalty, early stopping \(goldens.name): best identical \(best) of",
        "\(goldens.hypotheses.count), all \(identical) of \(total), largest error of scores \(error)")
      #expect(Double(best) >= 0.995 * Double(goldens.hypotheses.count))
      #expect(Double(identical) >= 0.99 * Double(total))
      #expect(error < 1e-3)
    }
  }
}
