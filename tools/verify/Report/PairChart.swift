import SwiftletMetrics
import SwiftletVerification

/// The cosines of pairs of texts, by the float model's vectors and by int8's.
struct PairChart {
  /// The most pairs that are drawn: evenly from all.
  private static let most = 500
  let pairs: Pairs

  func svg(_ id: String) -> String {
    var chart = Chart(height: 304)
    let (left, right, top, bottom) = (48.0, 350.0, 32.0, 252.0)
    let all = pairs.reference + pairs.model
    let (least, most) = (min(0, all.min() ?? 0), max(1, all.max() ?? 1))
    func x(_ value: Double) -> Double { left + (value - least) / (most - least) * (right - left) }
    func y(_ value: Double) -> Double { bottom - (value - least) / (most - least) * (bottom - top) }
    for step in roundSteps(least, most, count: 5) {
      chart.line((left, y(step)), (right, y(step)), "grid")
      chart.text(left - 6, y(step) + 4, fixed(step, 1), .end)
      chart.text(x(step), bottom + 16, fixed(step, 1), .middle)
    }
    chart.line((x(least), y(least)), (x(most), y(most)), "mark")
    let stride = max(1, pairs.model.count / Self.most)
    for index in pairs.model.indices where index % stride == 0 {
      chart.dot(x(pairs.reference[index]), y(pairs.model[index]), "int8", radius: 2)
    }
    chart.line((left, bottom), (right, bottom), "axis")
    chart.text(0, 14, "int8")
    chart.text(Chart.width, 14, "dashed: the same", .end)
    chart.text(Chart.width / 2, bottom + 38, "cosine of a pair by the float model", .middle)
    return chart.svg(
      id, title: "Cosines of pairs of texts",
      description:
        "The cosines of \(grouped(pairs.model.count)) pairs by both models' vectors. Their rank correlation is \(fixed(pairs.rankCorrelation, 6))."
    )
  }

  var table: String {
    SwiftletReport.table(
      "Correlation of both models' cosines", ["", "value"],
      [
        ["pairs", grouped(pairs.model.count)], ["Spearman, of ranks", fixed(pairs.rankCorrelation, 6)],
        ["Pearson", fixed(Correlation.pearson(pairs.reference, pairs.model), 6)],
      ])
  }
}
