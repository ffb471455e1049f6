import Foundation

/// Two distributions over the vocabulary at one place: the reference's P and the model's Q.
package struct TokenComparison {
  /// Σ P ln (P / Q), the Kullback-Leibler divergence in nats.
  package let divergence: Double
  /// Whether both have the same likeliest token.
  package let sameTop: Bool
  /// ln P of the token that is there.
  package let logProbability: Double
  /// ln Q − ln P of the token that is there.
  package let logProbabilityError: Double
  /// Q − P of the token that is there.
  package let probabilityError: Double

  /// - Parameters:
  ///   - reference: log-probabilities.
  ///   - logits: the model's logits.
  ///   - token: the token that is there.
  ///   - suppressed: tokens that neither may choose: both are normalised over the others.
  package init(reference: [Float], logits: [Float], token: Int, suppressed: Set<Int>) {
    let p = Self.normalized(reference, without: suppressed)
    let q = Self.normalized(logits, without: suppressed)
    var divergence = 0.0
    var (topP, topQ) = (0, 0)
    for id in p.indices where p[id] > -.infinity {
      divergence += exp(p[id]) * (p[id] - q[id])
      if p[id] > p[topP] { topP = id }
      if q[id] > q[topQ] { topQ = id }
    }
    self.divergence = max(0, divergence)  // Rounding can leave −1e-16.
    sameTop = topP == topQ
    logProbability = p[token]
    logProbabilityError = q[token] - p[token]
    probabilityError = exp(q[token]) - exp(p[token])
  }

  /// Log-softmax in Double; −∞ for suppressed tokens.
  private static func normalized(_ logits: [Float], without suppressed: Set<Int>) -> [Double] {
    var values = logits.map(Double.init)
    for id in suppressed { values[id] = -.infinity }
    let largest = values.max() ?? 0
    let sum = log(values.reduce(0) { $0 + exp($1 - largest) }) + largest
    return values.map { $0 - sum }
  }
}
