import Foundation
import SwiftletMetrics
import Testing

/// Metrics against values worked out by hand.
struct MetricsTests {
  @Test func percentilesByNearestRank() {
    var distribution = Distribution()
    for value in 1...200 { distribution.add(Double(201 - value)) }
    #expect(distribution.percentiles([50, 90, 99, 99.9, 100]) == [100, 180, 198, 200, 200])
    #expect(distribution.mean == 100.5)
    #expect(distribution.worst == 200)
  }

  @Test func similarityOfScaledVector() {
    var similarity = Similarity()
    similarity.add([3, 4] as [Float], [3.3, 4.4] as [Float])
    #expect(abs(similarity.decibels - 20) < 1e-5)  // an error of a tenth
    #expect(abs(similarity.cosine - 1) < 1e-12)
  }

  /// scipy.stats.spearmanr([1, 2, 2, 3, 5], [10, 30, 20, 20, 50]) is 0.76315789.
  @Test func rankCorrelationWithTies() {
    #expect(abs(Correlation.spearman([1, 2, 2, 3, 5], [10, 30, 20, 20, 50]) - 0.7631578947) < 1e-9)
    #expect(Correlation.spearman([1, 2, 3], [1, 8, 27]) == 1)
    #expect(Correlation.spearman([1, 2, 3], [3, 2, 1]) == -1)
    #expect(Correlation.spearman([1, 1, 1], [1, 2, 3]).isNaN)
  }

  @Test func perplexitiesAndTheirRatio() {
    var ratio = PerplexityRatio()
    ratio.add(log(0.5), log(0.25))
    ratio.add(log(0.5), log(0.5))
    #expect(abs(ratio.referencePerplexity - 2) < 1e-12)
    #expect(abs(ratio.perplexity - 8.0.squareRoot()) < 1e-12)
    #expect(abs(ratio.ratio - 2.0.squareRoot()) < 1e-12)
    // Differences ln 2 and 0: variance (ln 2)² / 2, error of the mean ln 2 / 2.
    #expect(abs(ratio.standardError - 2.0.squareRoot() * log(2) / 2) < 1e-12)
  }

  @Test func reliabilityOfTwoBins() {
    var reliability = Reliability()
    reliability.add(confidence: 0.95, isRight: true)
    reliability.add(confidence: 0.85, isRight: false)
    reliability.add(confidence: 1, isRight: true)
    #expect(reliability.bins[9].count == 2 && reliability.bins[8].count == 1)
    #expect(abs(reliability.accuracy - 2.0 / 3) < 1e-12)
    #expect(abs(reliability.expectedError - (0.05 + 0.85) / 3) < 1e-12)
  }
}
