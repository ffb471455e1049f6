import Foundation

/// A distribution over a vocabulary: the logarithms of its probabilities, and its likeliest token.
package struct LogProbabilities: Sendable {
  /// −∞ for suppressed tokens.
  package let values: [Double]
  /// The likeliest token; of equal ones, the lowest id.
  package let top: Int

  /// Log-softmax in Double.
  ///
  /// - Parameter suppressed: Tokens that can't be chosen: the others' probabilities sum to 1.
  package init(_ logits: [Float], without suppressed: Set<Int>) {
    var values = logits.map(Double.init)
    for id in suppressed { values[id] = -.infinity }
    var top = 0
    for id in values.indices where values[id] > values[top] { top = id }
    let largest = values[top]
    var sum = 0.0
    for value in values { sum += exp(value - largest) }
    let normaliser = log(sum) + largest
    for id in values.indices { values[id] -= normaliser }
    self.values = values
    self.top = top
  }

  /// The probability of the likeliest token.
  package var confidence: Double { exp(values[top]) }
}

/// What a model says of a token that is given: less than a distribution.
struct ScoredToken: Sendable {
  let logProbability: Double
  let confidence: Double
  let isTop: Bool

  init(_ distribution: LogProbabilities, token: Int) {
    logProbability = distribution.values[token]
    confidence = distribution.confidence
    isTop = distribution.top == token
  }
}
