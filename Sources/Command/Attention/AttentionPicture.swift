import Swiftlet
import SwiftletPlatform
import SwiftletTransformer

/// Draws maps of attention as SVG: for each kind, layer and head a square of cells, whose colour says how much the token of
/// the row attends to that of the column. A cell is a stroke, and strokes of one colour are one path: 8 bytes a cell.
struct AttentionPicture {
  private static let cell = 14
  private static let margin = 24
  /// The widest that a line of maps gets, if one alone is not wider.
  private static let widest = 1500
  /// How many colours there are.
  static let levels = 16

  private var width = 600
  private var height = 150
  private var top = 150
  private var grid = Grid()

  /// Where the maps of a kind stand.
  private struct Grid {
    /// The room for the rows' tokens, and for the columns'.
    var (left, above) = (0, 0)
    /// From one map to the next.
    var (across, down) = (1, 1)
    /// How many maps stand side by side, and how many lines of them a layer has.
    var (perLine, lines) = (1, 1)

    init() {}

    init(rows: borrowing TokenLabels, columns: borrowing TokenLabels, heads: Int) {
      let names = rows.longest > columns.longest ? rows.longest : columns.longest
      left = 7 * names + 12
      above = 6 * names + 10
      across = max(cell * columns.count + 4 * names, 110) + 10
      down = above + cell * rows.count + 48
      perLine = max(1, min(heads, (widest - 2 * margin - left) / across))
      lines = (heads + perLine - 1) / perLine
      // As many in each line.
      perLine = (heads + lines - 1) / lines
    }
  }

  /// Makes room for the maps of a kind.
  mutating func measure(
    rows: borrowing TokenLabels, columns: borrowing TokenLabels, layers: Int, heads: Int
  ) {
    let grid = Grid(rows: rows, columns: columns, heads: heads)
    width = max(width, 2 * Self.margin + grid.left + grid.perLine * grid.across)
    height += 60 + layers * grid.lines * grid.down
  }

  /// The texts, and which colour is which weight.
  mutating func begin(_ source: Span<UInt8>, _ target: Span<UInt8>?, to sink: inout DescriptorSink) {
    width = max(width, 2 * Self.margin + 10 * min(200, max(source.count, target?.count ?? 0)))
    sink.put("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 % %\" ", width, height)
    sink.put("width=\"%\" height=\"%\" role=\"img\">\n<title>Attention: ", width, height)
    sink.write(xml: source)
    sink.write("</title>\n<style>")
    sink.write(Self.style)
    sink.put("</style>\n<path class=\"w\" d=\"M0 0h%v%H0z\"/>\n", width, height)
    sink.write("<text class=\"h\" x=\"24\" y=\"42\">")
    sink.write(xml: source)
    if let target {
      sink.write("</text>\n<text class=\"h m\" x=\"24\" y=\"68\">")
      sink.write(xml: target)
    }
    sink.write("</text>\n<g transform=\"translate(24 97)scale(14)\">")
    for level in 0...Self.levels { drawLevel(level, to: &sink) }
    sink.write("</g>\n<g class=\"m\">")
    // The weights of every fourth colour.
    sink.write("<text x=\"27\" y=\"119\">0</text><text x=\"76\" y=\"119\">.06</text>")
    sink.write("<text x=\"132\" y=\"119\">.25</text><text x=\"188\" y=\"119\">.56</text>")
    sink.write("<text x=\"251\" y=\"119\">1</text>")
    sink.write("<text x=\"276\" y=\"101\">attention weights, 1 together in each row</text></g>\n")
  }

  /// One cell of the legend.
  private func drawLevel(_ level: Int, to sink: inout DescriptorSink) {
    beginPath(level, to: &sink)
    sink.put("M% 0h.9\"/>", level)
  }

  private func beginPath(_ level: Int, to sink: inout DescriptorSink) {
    sink.write("<path class=\"")
    sink.write(byte: level == 0 ? UInt8(ascii: "z") : UInt8(truncatingIfNeeded: 0x40 + level))
    sink.write("\" d=\"")
  }

  /// The heading of a kind, and its tokens, which all of its maps use.
  mutating func begin(
    _ kind: AttentionKind, number: Int, rows: borrowing TokenLabels, columns: borrowing TokenLabels,
    heads: Int, to sink: inout DescriptorSink
  ) {
    grid = Grid(rows: rows, columns: columns, heads: heads)
    sink.put("<text class=\"h\" x=\"24\" y=\"%\">", top + 16)
    sink.write(kind.title)
    sink.put("</text><text class=\"m\" x=\"24\" y=\"%\">", top + 36)
    sink.write(kind.subtitle)
    sink.put("</text>\n<defs><g id=\"r%\" class=\"r\">", number)
    for row in 0..<rows.count {
      sink.put("<text y=\"%\">", Self.cell * row + 11)
      unsafe sink.write(label: rows.piece(row))
      sink.write("</text>")
    }
    sink.put("</g>\n<g id=\"c%\">", number)
    for column in 0..<columns.count {
      sink.put("<text transform=\"translate(% 0)rotate(-60)\">", Self.cell * column + 11)
      unsafe sink.write(label: columns.piece(column))
      sink.write("</text>")
    }
    sink.write("</g></defs>\n")
    top += 60
  }

  /// The maps of a layer, in lines.
  mutating func add(
    _ maps: borrowing AttentionMaps, layer: Int, heads: Int, number: Int, to sink: inout DescriptorSink
  ) {
    for head in 0..<heads {
      let place = head % grid.perLine
      let x = Self.margin + grid.left + place * grid.across
      let y = top + grid.above + 22
      if place == 0 {
        sink.put("<use href=\"#r%\" x=\"%\" y=\"%\"/>", number, Self.margin + grid.left - 6, y)
      }
      sink.put("<use href=\"#c%\" x=\"%\" y=\"%\"/>", number, x, y - 5)
      sink.put("<text class=\"m\" x=\"%\" y=\"%\">layer %, ", x, top + 12, layer + 1)
      sink.put("head %</text>\n<g transform=\"translate(% %)scale(14)\">", head + 1, x, y + 7)
      sink.put("<title>layer %, head %</title>", layer + 1, head + 1)
      for level in 0...Self.levels { draw(maps, head: head, level: level, to: &sink) }
      sink.write("</g>\n")
      if place == grid.perLine - 1 || head == heads - 1 { top += grid.down }
    }
  }

  /// The cells of one colour, if there are some.
  private func draw(
    _ maps: borrowing AttentionMaps, head: Int, level: Int, to sink: inout DescriptorSink
  ) {
    var hasPath = false
    for row in 0..<maps.rows {
      let weights = maps.weights(head: head, row: row)
      for column in weights.indices where Self.level(of: weights[column]) == level {
        if !hasPath { beginPath(level, to: &sink) }
        hasPath = true
        sink.put("M% %h.9", column, row)
      }
    }
    if hasPath { sink.write("\"/>") }
  }

  /// The colour of a weight, by its root: small weights differ, too.
  private static func level(of weight: Float) -> Int {
    let scaled = weight.squareRoot() * Float(levels) + 0.5
    // A NaN has none.
    return scaled >= 1 ? Int(min(scaled, Float(levels))) : 0
  }
}

extension AttentionKind {
  fileprivate var title: StaticText {
    switch self {
    case .encoder: "Encoder self-attention"
    case .decoder: "Decoder self-attention"
    case .source: "Encoder-decoder attention"
    }
  }

  fileprivate var subtitle: StaticText {
    switch self {
    case .encoder: "Each row is a token, each column a token that it attends to."
    case .decoder: "Each row is a token that was read, each column one that it attends to."
    case .source: "Each row is a step, by the token that it chose, each column a source token."
    }
  }
}
