import Foundation
import SwiftletVerification

/// The gains of tensors' outputs, those first that are farthest from 1 for what they may be.
struct GainChart {
  /// The most tensors that are drawn.
  private static let most = 14
  private let tensors: [TensorFinding]
  private let limit: Double

  init(_ tensors: [TensorFinding], limit: Double) {
    self.limit = limit
    func part(_ tensor: TensorFinding) -> Double {
      abs(tensor.gain - 1) / tensor.allowedGainError(limit)
    }
    self.tensors = Array(
      tensors.filter { $0.roundingDecibels != nil }.sorted { part($0) > part($1) }.prefix(Self.most))
  }

  func svg(_ id: String) -> String {
    let row = 32.0
    var chart = Chart(height: row * Double(tensors.count) + 48)
    let reach = max(1.5 * limit, 1.1 * (tensors.map { abs($0.gain - 1) }.max() ?? 0))
    let (left, right) = (8.0, 352.0)
    func x(_ gain: Double) -> Double { (left + right) / 2 + (gain - 1) / reach * (right - left) / 2 }
    let bottom = row * Double(tensors.count) + 6
    for (index, tensor) in tensors.enumerated() {
      let y = row * Double(index)
      let allowed = tensor.allowedGainError(limit)
      let isBad = !(abs(tensor.gain - 1) <= allowed)
      let text = fixed(tensor.gain, 4)
      chart.text(0, y + 12, Chart.fitting(tensor.title, width: 284), .start, isBad ? "bad-text" : "")
      chart.text(Chart.width, y + 12, (isBad ? "✗ " : "") + text, .end, isBad ? "bad-text" : "")
      chart.line((left, y + 22), (right, y + 22), "grid")
      let from = max(left, x(1 - allowed))
      chart.box(x: from, y: y + 18, width: min(right, x(1 + allowed)) - from, height: 8, "track")
      chart.line((x(1), y + 15), (x(1), y + 29), "axis")
      chart.dot(x(tensor.gain), y + 22, isBad ? "bad" : "int8", hint: "\(tensor.title): \(text)")
    }
    chart.line((left, bottom), (right, bottom), "axis")
    for step in roundSteps(-100 * reach, 100 * reach, count: 4) {
      let text = (step > 0 ? "+" : "") + String(format: "%g", step).replacingOccurrences(of: "-", with: "−")
      // The outermost may lie at the edge.
      chart.text(min(right - 14, max(left + 14, x(1 + step / 100))), bottom + 16, text, .middle)
    }
    chart.text(Chart.width / 2, bottom + 34, "outputs too large, in %; grey: what is allowed", .middle)
    return chart.svg(
      id, title: "Gains of tensors' outputs",
      description: tensors.first.map {
        "How much larger than the float model's the outputs of \(tensors.count) tensors are, those first that are farthest from 1 for what is allowed: \($0.title) with \(fixed($0.gain, 4))."
      } ?? "No tensors.")
  }
}
