import Foundation
import SwiftletVerification
import Testing

/// The metrics against values worked out by hand.
struct ComparisonTests {
  @Test func divergenceOfKnownDistributions() {
    // P = (1/2, 1/4, 1/4), Q = (1/4, 1/4, 1/2): KL = 1/2 ln 2 + 0 − 1/4 ln 2 = ln 2 / 4.
    let p = [0.5, 0.25, 0.25].map { Float(log($0)) }
    let q = [0.25, 0.25, 0.5].map { Float(log($0) + 3) }
    let comparison = TokenComparison(reference: p, logits: q, token: 0, suppressed: [])
    #expect(abs(comparison.divergence - log(2) / 4) < 1e-7)
    #expect(!comparison.sameTop)
    #expect(abs(comparison.logProbabilityError + log(2)) < 1e-6)
    #expect(abs(comparison.probabilityError + 0.25) < 1e-6)
  }

  @Test func equalDistributions() {
    let logits = [1, -2, 0.5, 7] as [Float]
    let comparison = TokenComparison(reference: logits, logits: logits, token: 1, suppressed: [])
    #expect(comparison.divergence < 1e-12)
    #expect(comparison.sameTop)
  }

  @Test func suppressedTokensCountForNeither() {
    // Without token 2, both are (1/2, 1/2).
    let comparison = TokenComparison(
      reference: [0, 0, 5], logits: [1, 1, -9], token: 0, suppressed: [2])
    #expect(comparison.divergence < 1e-12)
    #expect(comparison.sameTop)
  }
}
