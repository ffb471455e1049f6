import Foundation

/// A drawing in SVG, 360 units wide: small enough to be read on a telephone, where a unit is a little less than a pixel.
///
/// It has a title and a description, and stands as one picture to a screen reader; a table beside it has its numbers.
struct Chart {
  /// The width in units.
  static let width = 360.0
  /// The width of a letter, at most, in units.
  static let letter = 6.6

  let height: Double
  private var shapes: [String] = []

  init(height: Double) { self.height = height }

  /// The picture.
  func svg(_ id: String, title: String, description: String) -> String {
    let content =
      element("title", ["id": "\(id)-title"], escaped(title))
      + element("desc", ["id": "\(id)-description"], escaped(description))
      + shapes.joined(separator: "\n")
    return element(
      "svg",
      [
        "viewBox": "0 0 \(Int(Self.width)) \(Int(height.rounded(.up)))", "role": "img",
        "aria-labelledby": "\(id)-title \(id)-description",
      ], content)
  }

  private func number(_ value: Double) -> String { String(format: "%.1f", value) }

  mutating func line(_ from: (Double, Double), _ to: (Double, Double), _ style: String) {
    shapes.append(
      element(
        "line",
        [
          "x1": number(from.0), "y1": number(from.1), "x2": number(to.0), "y2": number(to.1), "class": style,
        ]))
  }

  /// A rectangle, with a text that shows under the pointer.
  mutating func box(
    x: Double, y: Double, width: Double, height: Double, _ style: String, hint: String = ""
  ) {
    shapes.append(
      element(
        "rect",
        [
          "x": number(x), "y": number(y), "width": number(max(0, width)), "height": number(max(0, height)),
          "class": style,
        ], hint.isEmpty ? "" : element("title", [:], escaped(hint))))
  }

  mutating func dot(_ x: Double, _ y: Double, _ style: String, radius: Double = 3.5, hint: String = "") {
    shapes.append(
      element(
        "circle", ["cx": number(x), "cy": number(y), "r": number(radius), "class": style],
        hint.isEmpty ? "" : element("title", [:], escaped(hint))))
  }

  mutating func path(_ points: [(Double, Double)], _ style: String) {
    let list = points.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ")
    shapes.append(element("polyline", ["points": list, "class": style]))
  }

  /// Where a text stands at its point.
  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ x: Double, _ y: Double, _ text: String, _ anchor: Anchor = .start, _ style: String = ""
  ) {
    shapes.append(
      element(
        "text",
        ["x": number(x), "y": number(y), "text-anchor": anchor.rawValue, "class": style], escaped(text)))
  }

  /// A text cut to a width.
  static func fitting(_ text: String, width: Double) -> String {
    let count = Int(width / letter)
    return text.count <= count ? text : count < 3 ? "" : text.prefix(count - 1) + "…"
  }

  /// What colours stand for, in a row.
  mutating func legend(_ entries: [(style: String, text: String)], y: Double, x: Double = 0) {
    var x = x
    for entry in entries {
      box(x: x, y: y - 9, width: 10, height: 10, entry.style)
      text(x + 14, y, entry.text)
      x += 14 + Double(entry.text.count) * Self.letter + 14
    }
  }
}

/// Round steps for an axis: 1, 2 or 5 times a power of ten, about `count` from `least` to `most`.
func roundSteps(_ least: Double, _ most: Double, count: Int) -> [Double] {
  guard most > least else { return [least] }
  let raw = (most - least) / Double(max(1, count))
  let power = pow(10, floor(log10(raw)))
  let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= raw } ?? raw
  var steps: [Double] = []
  var value = (least / step).rounded(.up) * step
  while value <= most + step * 1e-9 {
    steps.append(abs(value) < step * 1e-9 ? 0 : value)
    value += step
  }
  return steps
}
