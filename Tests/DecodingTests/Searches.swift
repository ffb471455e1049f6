import Foundation
import SwiftletArena
import SwiftletDecoding
import SwiftletFloatReference
import SwiftletTransformer
import SwiftletVerification

/// This repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
  .standardized

/// A hypothesis of a search.
struct Hypothesis: Equatable, Sendable {
  var score: Float
  var ids: [Int]
  var logProbabilities: [Float] = []
}

extension FloatModel {
  /// The hypotheses of each source, by a search that the float reference drives, all together.
  func hypotheses(
    _ settings: SearchSettings, sources: [[Int]], longest: Int, prefix: [UInt32] = [],
    suppressed: [[UInt32]] = [], endToken: Int? = nil
  ) throws -> [[Hypothesis]] {
    var plan = MemoryPlan()
    let limits = Limits(source: 1, target: longest, batch: sources.count, beams: settings.beams)
    let layout = try SearchLayout(
      settings, vocabulary: architecture.targetVocabulary, limits, prefix: prefix.count,
      suppressed: suppressed.reduce(0) { $0 + $1.count + 1 }, in: &plan)
    plan.place()
    let arena = try Arena(mapping: plan)
    var search = Search(
      layout, startToken: decoding.startToken, endToken: endToken ?? decoding.endToken, in: arena)
    precondition(search.setPrefix(prefix.span))
    for tokens in suppressed { precondition(search.suppress(tokens.span)) }
    var scorer = try FloatScorer(self, sources: sources, slots: limits.slots)
    search.run(&scorer, count: sources.count)
    if let failure = scorer.failure { throw failure }
    return sources.indices.map { sentence in
      (0..<search.count(sentence)).map { rank in
        let (ids, values) = (search.ids(sentence, rank: rank), search.logProbabilities(sentence, rank: rank))
        return Hypothesis(
          score: search.score(sentence, rank: rank), ids: ids.indices.map { Int(ids[$0]) },
          logProbabilities: values.indices.map { values[$0] })
      }
    }
  }
}
