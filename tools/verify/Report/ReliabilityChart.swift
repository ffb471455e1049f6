import SwiftletMetrics

/// How often a model is right where it says that it is, for both models.
struct ReliabilityChart {
  let reference: Reliability
  let model: Reliability

  func svg(_ id: String) -> String {
    var chart = Chart(height: 304)
    let (left, right, top, bottom) = (48.0, 350.0, 32.0, 252.0)
    func x(_ value: Double) -> Double { left + value * (right - left) }
    func y(_ value: Double) -> Double { bottom - value * (bottom - top) }
    for step in [0, 0.2, 0.4, 0.6, 0.8, 1.0] {
      chart.line((left, y(step)), (right, y(step)), "grid")
      chart.text(left - 6, y(step) + 4, "\(fixed(100 * step, 0)) %", .end)
      chart.text(
        x(step) + (step == 1 ? 6 : 0), bottom + 16, "\(fixed(100 * step, 0)) %", step == 1 ? .end : .middle)
    }
    chart.line((left, bottom), (right, bottom), "axis")
    chart.line((x(0), y(0)), (x(1), y(1)), "mark")
    for (reliability, style, radius) in [(reference, "float", 5.0), (model, "int8", 3.0)] {
      let bins = reliability.bins.filter { $0.count > 0 }
      chart.path(bins.map { (x($0.meanConfidence), y($0.accuracy)) }, "\(style)-line")
      for bin in bins {
        chart.dot(
          x(bin.meanConfidence), y(bin.accuracy), style, radius: radius,
          hint:
            "\(grouped(bin.count)) tokens: confidence \(fixed(100 * bin.meanConfidence, 1)) %, right \(fixed(100 * bin.accuracy, 1)) %"
        )
      }
    }
    chart.legend([("float", "float"), ("int8", "int8")], y: 14)
    chart.text(Chart.width, 14, "dashed: exact confidence", .end)
    chart.text(Chart.width / 2, bottom + 38, "confidence: the likeliest token's probability", .middle)
    return chart.svg(
      id, title: "Calibration of confidences",
      description:
        "A reliability diagram: how often the likeliest token is right, by its probability. The mean distance from the diagonal is \(fixed(reference.expectedError, 4)) for the float model and \(fixed(model.expectedError, 4)) for int8."
    )
  }

  var table: String {
    let rows = zip(reference.bins, model.bins).enumerated().map { index, bins in
      [
        "\(10 * index) to \(10 * index + 10) %", grouped(bins.0.count), percent(bins.0.accuracy),
        grouped(bins.1.count), percent(bins.1.accuracy),
      ]
    }
    return SwiftletReport.table(
      "Tokens by confidence, and how many are right",
      ["confidence", "float: tokens", "right", "int8: tokens", "right"], rows)
  }

  private func percent(_ value: Double) -> String { value.isNaN ? "–" : "\(fixed(100 * value, 1)) %" }
}
