/// Bars one below the other, each under its name.
struct BarList {
  struct Bar {
    let name: String
    let value: Double
    let text: String
    var style = "int8"
  }

  let title: String
  let description: String
  let bars: [Bar]

  func svg(_ id: String) -> String {
    let row = 34.0
    var chart = Chart(height: row * Double(max(1, bars.count)) + 4)
    let most = bars.map(\.value).filter(\.isFinite).max() ?? 1
    for (index, bar) in bars.enumerated() {
      let y = row * Double(index)
      let room = Chart.width - Double(bar.text.count) * Chart.letter - 10
      chart.text(0, y + 12, Chart.fitting(bar.name, width: room))
      chart.text(Chart.width, y + 12, bar.text, .end)
      chart.box(x: 0, y: y + 17, width: Chart.width, height: 8, "track")
      let length = most > 0 ? min(1, max(0, bar.value / most)) : 0
      chart.box(
        x: 0, y: y + 17, width: max(1, length * Chart.width), height: 8, bar.style,
        hint: "\(bar.name): \(bar.text)")
    }
    return chart.svg(id, title: title, description: description)
  }
}
