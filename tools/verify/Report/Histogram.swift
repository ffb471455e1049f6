import Foundation
import SwiftletMetrics
import SwiftletVerification

/// How often each size of an error is, on a logarithmic axis.
struct Histogram {
  /// What is counted.
  struct Names {
    /// What has an error: tokens.
    let items: String
    /// The error.
    let error: String
    /// Its unit, in words for the axis.
    let axis: String
  }

  /// The exponent of ten where the first column begins; what is smaller is in it, too.
  private static let first = -8
  /// Columns in each power of ten.
  private static let perDecade = 4

  private let names: Names
  private let distribution: Distribution
  private let limit: Double
  private let counts: [Int]

  init(_ distribution: Distribution, limit: Double, _ names: Names) {
    self.names = names
    self.distribution = distribution
    self.limit = limit
    let columns = (1 - Self.first) * Self.perDecade
    var counts = [Int](repeating: 0, count: columns)
    for value in distribution.values {
      let place = value > 0 ? (log10(value) - Double(Self.first)) * Double(Self.perDecade) : 0
      counts[min(columns - 1, max(0, Int(place)))] += 1
    }
    self.counts = counts
  }

  /// The chart.
  func svg(_ id: String) -> String {
    var chart = Chart(height: 244)
    let (left, right, top, bottom) = (46.0, 354.0, 40.0, 200.0)
    let most = Double(max(1, counts.max() ?? 1))
    func x(_ exponent: Double) -> Double {
      left + (exponent - Double(Self.first)) / Double(1 - Self.first) * (right - left)
    }
    for step in roundSteps(0, most, count: 4) {
      let y = bottom - step / most * (bottom - top)
      chart.line((left, y), (right, y), "grid")
      chart.text(left - 6, y + 4, grouped(Int(step)), .end)
    }
    let width = (right - left) / Double(counts.count)
    for (index, count) in counts.enumerated() where count > 0 {
      let height = max(0.8, Double(count) / most * (bottom - top))
      chart.box(
        x: left + Double(index) * width + 0.5, y: bottom - height, width: width - 1, height: height, "int8",
        hint: "\(count) \(names.items) from \(bound(index)) to \(bound(index + 1))")
    }
    chart.line((left, bottom), (right, bottom), "axis")
    for exponent in stride(from: Self.first, through: 0, by: 2) {
      chart.text(x(Double(exponent)), bottom + 16, powerOfTen(exponent), .middle)
    }
    chart.text((left + right) / 2, bottom + 34, names.axis, .middle)
    chart.text(0, 14, names.items)
    marker("mean", distribution.mean, "mark", isLeft: distribution.mean < limit)
    marker("its limit", limit, "bad-line", isLeft: distribution.mean >= limit)
    func marker(_ name: String, _ value: Double, _ style: String, isLeft: Bool) {
      guard value > 0 else { return }
      let place = min(right - 56, max(left + 56, x(log10(value))))
      chart.line((place, top - 10), (place, bottom), style)
      chart.text(place + (isLeft ? -4 : 4), top - 4, name, isLeft ? .end : .start)
    }
    return chart.svg(
      id, title: "Distribution of the \(names.error)",
      description:
        "A histogram of \(grouped(distribution.count)) \(names.items) on a logarithmic axis. The median is \(scientific(distribution.percentiles([50])[0])), the mean \(scientific(distribution.mean)), the worst \(scientific(distribution.worst))."
    )
  }

  private func bound(_ column: Int) -> String {
    scientific(pow(10, Double(Self.first) + Double(column) / Double(Self.perDecade)))
  }

  /// The numbers.
  var table: String {
    let decades = stride(from: 0, to: counts.count, by: Self.perDecade).map { start in
      let sum = counts[start..<start + Self.perDecade].reduce(0, +)
      let exponent = Self.first + start / Self.perDecade
      let range =
        start == 0
        ? "below \(powerOfTen(exponent + 1))" : "\(powerOfTen(exponent)) to \(powerOfTen(exponent + 1))"
      return [range, grouped(sum), fixed(100 * Double(sum) / Double(distribution.count), 2)]
    }
    return SwiftletReport.table(
      "\(names.items.capitalizedFirst) by \(names.error)", [names.error, names.items, "%"], decades)
  }
}
