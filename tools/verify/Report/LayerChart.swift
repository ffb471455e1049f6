import SwiftletVerification

/// The signal-to-noise ratio of the states after each layer.
struct LayerChart {
  let layers: [Report.Layer]

  func svg(_ id: String) -> String {
    var chart = Chart(height: 242)
    let (left, right, top, bottom) = (34.0, 354.0, 34.0, 184.0)
    let values = layers.map { min(99, $0.similarity.decibels) }
    let (least, most) = ((values.min() ?? 0) - 2, (values.max() ?? 1) + 2)
    func y(_ value: Double) -> Double { bottom - (value - least) / (most - least) * (bottom - top) }
    func x(_ index: Int) -> Double { left + (Double(index) + 0.5) / Double(layers.count) * (right - left) }
    for step in roundSteps(least, most, count: 5) {
      chart.line((left, y(step)), (right, y(step)), "grid")
      chart.text(left - 6, y(step) + 4, fixed(step, 0), .end)
    }
    chart.text(0, 14, "SQNR in dB; higher is better")
    for stack in ["encoder", "decoder"] {
      let places = layers.indices.filter { layers[$0].name.hasPrefix(stack) }
      guard let first = places.first, let last = places.last else { continue }
      chart.path(places.map { (x($0), y(values[$0])) }, "int8-line")
      for place in places {
        chart.dot(
          x(place), y(values[place]), "int8", hint: "\(layers[place].name): \(fixed(values[place], 2)) dB")
        let every = max(1, (layers.count + 11) / 12)
        if (place - first) % every == 0 { chart.text(x(place), bottom + 16, "\(place - first)", .middle) }
        if layers.count <= 8 { chart.text(x(place), y(values[place]) - 9, fixed(values[place], 1), .middle) }
      }
      chart.line((x(first) - 8, bottom + 22), (x(last) + 8, bottom + 22), "axis")
      chart.text((x(first) + x(last)) / 2, bottom + 37, "\(stack) layer", .middle)
    }
    chart.line((left, bottom), (right, bottom), "axis")
    let worst = layers.min { $0.similarity.decibels < $1.similarity.decibels }
    return chart.svg(
      id, title: "Error by layer",
      description: worst.map {
        "The signal-to-noise ratio of the states after each of \(layers.count) layers. The lowest is \(fixed($0.similarity.decibels, 2)) dB, after \($0.name)."
      } ?? "No layers.")
  }

  var table: String {
    SwiftletReport.table(
      "States after each layer, against the float model's", ["layer", "SQNR, dB", "cosine"],
      layers.map { [$0.name, fixed($0.similarity.decibels, 2), fixed($0.similarity.cosine, 6)] })
  }
}
