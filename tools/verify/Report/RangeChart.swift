import Foundation
import SwiftletVerification

/// How far weights and activations reach: what the scale of int8 must cover, and what most of them need.
struct RangeChart {
  /// The most tensors that are drawn.
  private static let most = 12
  private let tensors: [TensorFinding]
  private let all: [TensorFinding]

  /// Draws those whose largest activation or weight is farthest from the usual ones.
  init(_ tensors: [TensorFinding]) {
    all = tensors.filter { $0.roundingDecibels != nil }
    func outlier(_ tensor: TensorFinding) -> Double {
      max(Self.ratio(tensor.weights), tensor.inputs.map(Self.ratio) ?? 0)
    }
    self.tensors = Array(all.sorted { outlier($0) > outlier($1) }.prefix(Self.most))
  }

  private static func magnitude(_ range: ValueRange) -> Double { max(abs(range.least), abs(range.most)) }
  private static func ratio(_ range: ValueRange) -> Double {
    range.usual > 0 ? magnitude(range) / range.usual : 1
  }

  func svg(_ id: String) -> String {
    let row = 42.0
    var chart = Chart(height: row * Double(tensors.count) + 66)
    let (left, right, top) = (6.0, 354.0, 26.0)
    let values = tensors.flatMap { [$0.weights, $0.inputs].compactMap { $0 } }
    let least = floor(log10(max(1e-6, values.map(\.usual).filter { $0 > 0 }.min() ?? 1)) - 0.3)
    let most = max(least + 1, ceil(log10(max(1e-6, values.map(Self.magnitude).max() ?? 1))))
    func x(_ value: Double) -> Double {
      left + max(0, (log10(max(value, 1e-12)) - least) / (most - least)) * (right - left)
    }
    let bottom = top + row * Double(tensors.count)
    for exponent in Int(least)...Int(most) {
      chart.line((x(pow(10, Double(exponent))), top), (x(pow(10, Double(exponent))), bottom), "grid")
      let isEnd = exponent == Int(most)
      chart.text(
        x(pow(10, Double(exponent))), bottom + 15, powerOfTen(exponent),
        isEnd ? .end : exponent == Int(least) ? .start : .middle)
    }
    for (index, tensor) in tensors.enumerated() {
      let y = top + row * Double(index)
      chart.text(left, y + 14, Chart.fitting(tensor.title, width: right - left))
      for (place, (range, style)) in [(Optional(tensor.weights), "float"), (tensor.inputs, "int8")]
        .enumerated()
      {
        guard let range else { continue }
        let line = y + 20 + 9 * Double(place)
        chart.box(
          x: left, y: line, width: x(range.usual) - left, height: 6, style,
          hint: "99.9 % within \(scientific(range.usual)), largest \(scientific(Self.magnitude(range)))")
        chart.line((x(range.usual), line + 3), (x(Self.magnitude(range)), line + 3), "\(style)-line")
        chart.line(
          (x(Self.magnitude(range)), line), (x(Self.magnitude(range)), line + 6), "\(style)-line")
      }
    }
    chart.legend([("float", "weights"), ("int8", "inputs on the text")], y: 14, x: left)
    chart.text(Chart.width / 2, bottom + 34, "bar: 99.9 % of magnitudes; line: up to the largest", .middle)
    return chart.svg(
      id, title: "Ranges of weights and activations",
      description:
        "For \(tensors.count) tensors with the farthest outliers: the magnitude that 99.9 % of weights and of inputs don't exceed, and the largest, on a logarithmic axis."
    )
  }

  var table: String {
    SwiftletReport.table(
      "Weights of each tensor, and its inputs on the text",
      ["tensor", "weights from", "to", "99.9 % within", "inputs from", "to", "99.9 % within"],
      all.map { tensor in
        [
          tensor.title, fixed(tensor.weights.least, 3), fixed(tensor.weights.most, 3),
          fixed(tensor.weights.usual, 3), tensor.inputs.map { fixed($0.least, 3) } ?? "–",
          tensor.inputs.map { fixed($0.most, 3) } ?? "–", tensor.inputs.map { fixed($0.usual, 3) } ?? "–",
        ]
      })
  }
}
