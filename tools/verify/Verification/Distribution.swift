import Foundation

/// A set of numbers, summarised as the field does: mean, percentiles, worst.
public struct Distribution: Sendable {
  private var values: [Double] = []

  /// No numbers yet.
  public init() {}

  package mutating func add(_ value: Double) { values.append(value) }

  /// How many there are.
  public var count: Int { values.count }
  /// Their mean; NaN for none.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }
  /// The root of their squares' mean.
  public var rootMeanSquare: Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }
  /// The smallest.
  public var least: Double { values.min() ?? .nan }
  /// The largest.
  public var worst: Double { values.max() ?? .nan }

  /// The smallest values that so many % of them don't exceed (nearest rank).
  public func percentiles(_ percents: [Double]) -> [Double] {
    let sorted = values.sorted()
    return percents.map { percent in
      guard !sorted.isEmpty else { return .nan }
      let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
      return sorted[min(max(rank, 1), sorted.count) - 1]
    }
  }
}

/// How near a signal is to its reference, over many vectors.
public struct Similarity: Sendable {
  private var signal = 0.0
  private var noise = 0.0
  private var cosines = 0.0
  private var vectors = 0

  /// No vectors yet.
  package init() {}

  package mutating func add(_ reference: some Collection<Float>, _ value: some Collection<Float>) {
    var (dot, square, other) = (0.0, 0.0, 0.0)
    for (a, b) in zip(reference, value) {
      let (x, y) = (Double(a), Double(b))
      dot += x * y
      square += x * x
      other += y * y
      noise += (x - y) * (x - y)
    }
    signal += square
    let length = (square * other).squareRoot()
    cosines += length > 0 ? dot / length : 1
    vectors += 1
  }

  /// Signal to quantisation noise in dB: 10 log₁₀ (Σ x² / Σ (x − x̂)²).
  public var decibels: Double { noise == 0 ? .infinity : 10 * log10(signal / noise) }
  /// The mean cosine similarity of the vectors.
  public var cosine: Double { cosines / Double(vectors) }
}
