/// Correlations of two lists of numbers.
public enum Correlation {
  /// Pearson's: the cosine of the numbers, each less its list's mean. NaN where a list is constant or empty.
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double {
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    var (product, squareX, squareY) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      product += (a - meanX) * (b - meanY)
      squareX += (a - meanX) * (a - meanX)
      squareY += (b - meanY) * (b - meanY)
    }
    return product / (squareX * squareY).squareRoot()
  }

  /// Spearman's (1904): Pearson's correlation of the ranks; equal numbers share the mean of their ranks.
  ///
  /// - Complexity: O(n log n).
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double { pearson(ranks(x), ranks(y)) }

  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
