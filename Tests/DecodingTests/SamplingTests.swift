import Foundation
import SourcesTestSupport
import SwiftletDecoding
import Testing

/// Draws against the exact probabilities. Seeds are stated, so results are the same in every run.
struct SamplingTests {
  static let vocabulary = 60
  /// From very likely to very unlikely; some equals.
  static let logits: [Float] = (0..<vocabulary).map { Float($0 * 7 % 20) * 0.35 + ($0 % 9 == 0 ? 0.2 : 0) }

  /// The filters, and all of them together.
  static let filters: [(name: String, settings: SamplingSettings)] = {
    func with(_ change: (inout SamplingSettings) -> Void) -> SamplingSettings {
      var settings = SamplingSettings()
      change(&settings)
      return settings
    }
    return [
      ("none", with { _ in }), ("temperature 0.5", with { $0.temperature = 0.5 }),
      ("temperature 2", with { $0.temperature = 2 }), ("top-k 7", with { $0.topK = 7 }),
      ("top-p 0.8", with { $0.topP = 0.8 }), ("min-p 0.1", with { $0.minP = 0.1 }),
      ("typical 0.6", with { $0.typicalP = 0.6 }),
      (
        "all",
        with {
          ($0.temperature, $0.topK, $0.topP, $0.minP, $0.typicalP) = (1.3, 30, 0.95, 0.05, 0.9)
        }
      ),
    ]
  }()

  /// The exact probabilities after a filter, as transformers' processors define them.
  private func exact(_ settings: SamplingSettings) -> [Double] {
    func normalised(_ x: [Double]) -> [Double] {
      let sum = x.reduce(0, +)
      return x.map { $0 / sum }
    }
    let largest = Double(Self.logits.max()!)
    var p = normalised(Self.logits.map { exp((Double($0) - largest) / Double(settings.temperature)) })
    func keep(_ kept: (Int) -> Bool) { p = normalised(p.indices.map { kept($0) ? p[$0] : 0 }) }
    if settings.topK > 0 {
      let least = p.sorted(by: >)[settings.topK - 1]
      keep { p[$0] >= least * (1 - 1e-6) }
    }
    if settings.topP < 1 {
      // Those before which less than p has been seen.
      let order = p.indices.sorted { p[$0] > p[$1] || (p[$0] == p[$1] && $0 < $1) }
      var (sum, kept) = (0.0, Set<Int>())
      for token in order where sum < Double(settings.topP) {
        kept.insert(token)
        sum += p[token]
      }
      keep { kept.contains($0) }
    }
    if settings.minP > 0 {
      let least = p.max()! * Double(settings.minP)
      keep { p[$0] >= least }
    }
    if settings.typicalP < 1 {
      let entropy = p.reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
      let distance = p.map { $0 > 0 ? abs(-log($0) - entropy) : .infinity }
      var (sum, farthest) = (0.0, 0.0)
      for token in p.indices.sorted(by: { distance[$0] < distance[$1] }) where sum < Double(settings.typicalP)
      {
        sum += p[token]
        farthest = distance[token]
      }
      keep { distance[$0] <= farthest + 1e-5 }
    }
    return p
  }

  private func draw(_ sampling: SamplingSettings, sources: Int, tokens: Int, first: Int = 0) throws -> [[Int]]
  {
    var settings = SearchSettings()
    settings.sampling = sampling
    // No token ends: 100,000 draws are some long targets.
    settings.minimumTokens = 1_000_000
    let scorer = TableScorer(vocabulary: Self.vocabulary + 1, sources: sources, slots: sources) { _, _ in
      [-1e9] + Self.logits
    }
    return try search(settings, scorer, sources: sources, longest: tokens, firstNumber: first)
      .map { $0[0].ids.map { $0 - 1 } }
  }

  /// Pearson's χ² of 100,000 draws is below its quantile for 0.1 %.
  @Test(arguments: filters.map(\.name)) func drawsHaveTheirProbabilities(name: String) throws {
    var sampling = try #require(Self.filters.first { $0.name == name }).settings
    sampling.seed = 2024
    let expected = exact(sampling)
    let draws = try draw(sampling, sources: 25, tokens: 4000).flatMap { $0 }
    try #require(draws.count == 100_000)
    var counts = [Double](repeating: 0, count: Self.vocabulary)
    for token in draws { counts[token] += 1 }
    var (statistic, cells) = (0.0, 0)
    var rare = (count: 0.0, mean: 0.0)
    for (count, p) in zip(counts, expected) {
      guard p > 0 else {
        #expect(count == 0, "a token that was filtered out was drawn")
        continue
      }
      let mean = p * 100_000
      guard mean >= 5 else {
        // Rare tokens are one cell together.
        rare = (rare.count + count, rare.mean + mean)
        continue
      }
      statistic += (count - mean) * (count - mean) / mean
      cells += 1
    }
    if rare.mean > 0 {
      statistic += (rare.count - rare.mean) * (rare.count - rare.mean) / rare.mean
      cells += 1
    }
    // Wilson and Hilferty's approximation of the quantile; 3.0902 is the normal distribution's.
    let freedom = Double(cells - 1)
    let quantile = freedom * pow(1 - 2 / (9 * freedom) + 3.0902 * sqrt(2 / (9 * freedom)), 3)
    print("\(name): \(cells) tokens, χ² \(statistic), quantile of 99.9 % \(quantile)")
    #expect(statistic < quantile)
  }

  @Test func drawsDependOnSeedAndNumberAlone() throws {
    var sampling = SamplingSettings()
    sampling.seed = 5
    let together = try draw(sampling, sources: 6, tokens: 40)
    #expect(Set(together).count == 6)
    for number in 0..<6 {
      #expect(try draw(sampling, sources: 1, tokens: 40, first: number)[0] == together[number])
    }
    sampling.seed = 6
    #expect(try draw(sampling, sources: 6, tokens: 40) != together)
  }

  /// The numbers that the generator's author publishes: `pcg32-demo`, seed 42, stream 54.
  @Test func theGeneratorIsPCG32() {
    var generator = PCG32(seed: 42, stream: 54)
    let expected: [UInt32] = [
      0xA15C_02B7, 0x7B47_F409, 0xBA1D_3330, 0x83D2_F293, 0xBFA4_784B, 0xCBED_606E,
    ]
    #expect(expected.allSatisfy { $0 == generator.next() })
  }
}
