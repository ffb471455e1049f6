import Foundation

/// Two distributions over the vocabulary at one place: the reference's P and the model's Q.
package struct TokenComparison {
  /// Σ P ln (P / Q), the Kullback-Leibler divergence in nats.
  package let divergence: Double
  /// The reference's likeliest token and its probability.
  package let reference: (top: Int, confidence: Double)
  /// The model's likeliest token and its probability.
  package let model: (top: Int, confidence: Double)
  /// The token that is there.
  package let token: Int
  /// ln P of the token that is there.
  package let logProbability: Double
  /// ln Q − ln P of the token that is there.
  package let logProbabilityError: Double
  /// Q − P of the token that is there.
  package let probabilityError: Double

  /// Whether both have the same likeliest token.
  package var sameTop: Bool { reference.top == model.top }

  /// Compares distributions at a place where `token` is.
  package init(_ p: LogProbabilities, _ q: LogProbabilities, token: Int) {
    var divergence = 0.0
    for (p, q) in zip(p.values, q.values) where p > -.infinity { divergence += exp(p) * (p - q) }
    self.divergence = max(0, divergence)  // Rounding can leave −1e-16.
    reference = (p.top, p.confidence)
    model = (q.top, q.confidence)
    self.token = token
    logProbability = p.values[token]
    logProbabilityError = q.values[token] - p.values[token]
    probabilityError = exp(q.values[token]) - exp(p.values[token])
  }

  /// Compares logits; both are normalised over the tokens that are not suppressed.
  package init(reference: [Float], logits: [Float], token: Int, suppressed: Set<Int>) {
    self.init(
      LogProbabilities(reference, without: suppressed), LogProbabilities(logits, without: suppressed),
      token: token)
  }
}
