import Foundation

/// A set of numbers, summarised as the field does: mean, percentiles, worst.
public struct Distribution: Codable, Equatable, Sendable {
  /// In the order in which they were added.
  public private(set) var values: [Double] = []

  /// No numbers yet.
  public init() {}

  /// Adds one.
  public mutating func add(_ value: Double) { values.append(value) }

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
