import Foundation

/// Finds what to quantise in place of a matrix's inputs: shifted by their means, and each multiplied by
/// factor = (spread of the input)^−α · (size of its weights)^β, for the α and β that cost least.
///
/// Inputs of a group share a scale: one that is much larger than the others costs them their bits, and one that is always
/// far from zero wastes them. A factor makes an input smaller and its weights larger. (SmoothQuant: Xiao and others,
/// 2022, which folds the factors into what comes before; here they stand with the matrix, so it needs nothing before.)
struct InputMapSearch {
  /// Columns of the matrix.
  let columns: Int
  /// Inputs that share a scale.
  let group: Int
  /// What quantising inputs costs.
  let inputs: ActivationError
  /// Some of the matrix's rows.
  let weights: [Float]
  let statistics: InputStatistics
  /// Of the inputs as they are, and of the inputs less their means: what rounding errors of their weights cost, once they
  /// are compensated.
  let variances: (plain: [Double], centred: [Double])

  /// What is tried.
  private static let exponents: [(alpha: Double, beta: Double)] = [
    (0, 0), (0.25, 0.25), (0.5, 0), (0.5, 0.5), (0.7, 0), (0.7, 0.5), (0.85, 0.5), (1, 0.5),
  ]
  /// A map has to be better than none by as much.
  private static let leastGain = 0.95

  /// The best map; nil if none is worth its bytes.
  func best() -> InputMap? {
    let (means, squares) = statistics.meansAndSquares
    let deviations = zip(means, squares).map { max(0, $1 - $0 * $0).squareRoot() }
    let sizes = columnSizes()
    // Inputs that never change, and those without weights, are like the smallest of the others.
    let spreads = Self.positive(deviations)
    let norms = Self.positive(sizes)
    var best: InputMap?
    var least = Self.leastGain * cost(InputMap(identity: columns), sizes, variances.plain)
    for (alpha, beta) in Self.exponents {
      let factors = (0..<columns).map { pow(spreads[$0], -alpha) * pow(norms[$0], beta) }
      let map = InputMap(factors: Self.centred(factors), means: means)
      let cost = cost(map, sizes, variances.centred)
      if cost < least { (best, least) = (map, cost) }
    }
    return best
  }

  /// The mean squared error of an output: that of activations, and what is left of that of weights.
  private func cost(_ map: InputMap, _ sizes: [Double], _ variances: [Double]) -> Double {
    let activations = inputs.squares(statistics.samples, map, columns: columns)
    var sum = 0.0
    for column in 0..<columns {
      let factor = Double(map.factors[column])
      sum += activations[column] * sizes[column] * sizes[column] / (factor * factor)
    }
    return sum + weightError(map, variances)
  }

  /// The mean squared error of an output by rounding weights, as if errors were evenly spread: of each weight what the
  /// inputs after it can't make up for.
  private func weightError(_ map: InputMap, _ variances: [Double]) -> Double {
    let inverses = map.factors.map { 1 / $0 }
    var sum = 0.0
    let rows = weights.count / columns
    for start in Swift.stride(from: 0, to: columns, by: group) {
      let range = start..<min(start + group, columns)
      let energy = range.reduce(0.0) { sum, column in
        sum + variances[column] * Double(map.factors[column]) * Double(map.factors[column])
      }
      var scales = 0.0
      for row in 0..<rows {
        var largest: Float = 0
        for column in range {
          largest = max(largest, abs(weights[row * columns + column] * inverses[column]))
        }
        scales += Double(largest / 127) * Double(largest / 127)
      }
      sum += scales / 12 * energy
    }
    return sum / Double(rows)
  }

  /// The root of the mean square of each column.
  private func columnSizes() -> [Double] {
    let rows = weights.count / columns
    var squares = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let weight = Double(weights[row * columns + column])
        squares[column] += weight * weight
      }
    }
    return squares.map { ($0 / Double(rows)).squareRoot() }
  }

  /// The numbers, with those below a thousandth of their mean as that.
  private static func positive(_ values: [Double]) -> [Double] {
    let least = max(1e-15, values.reduce(0, +) / Double(values.count) / 1000)
    return values.map { max(least, $0) }
  }

  /// The numbers divided by their geometric mean, about.
  private static func centred(_ values: [Double]) -> [Double] {
    let middle = values.sorted()[values.count / 2]
    return values.map { min(1e6, max(1e-6, $0 / middle)) }
  }
}
