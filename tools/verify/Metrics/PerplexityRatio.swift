import Foundation

/// The perplexities of one text for two models, and their ratio.
public struct PerplexityRatio: Codable, Equatable, Sendable {
  private var reference = 0.0
  private var other = 0.0
  private var squares = 0.0
  /// How many tokens there are.
  public private(set) var count = 0

  /// Of no tokens yet.
  public init() {}

  /// Adds the logarithms of a token's probabilities.
  public mutating func add(_ logProbability: Double, _ otherLogProbability: Double) {
    reference += logProbability
    other += otherLogProbability
    squares += (logProbability - otherLogProbability) * (logProbability - otherLogProbability)
    count += 1
  }

  /// The perplexity of the reference: e to the mean negative log-probability.
  public var referencePerplexity: Double { exp(-reference / Double(count)) }
  /// The perplexity of the other model.
  public var perplexity: Double { exp(-other / Double(count)) }
  /// The other's divided by the reference's.
  public var ratio: Double { exp((reference - other) / Double(count)) }
  /// The ratio's standard error, by the delta method: the ratio times the standard error of the mean difference of the
  /// log-probabilities, which are paired. Tokens count as independent.
  public var standardError: Double {
    guard count > 1 else { return .nan }
    let mean = (reference - other) / Double(count)
    let variance = max(0, squares / Double(count) - mean * mean) * Double(count) / Double(count - 1)
    return ratio * (variance / Double(count)).squareRoot()
  }
}
