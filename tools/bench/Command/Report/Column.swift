import Foundation

/// One value of a result.
enum Cell {
  case text(String)
  case count(Int)
  /// A figure, and how many decimals of it a table shows.
  case number(Double, decimals: Int)
  /// A figure with its unit, for the table.
  case quantity(Double, decimals: Int, unit: String)
  /// A figure that there is none of here.
  case missing

  /// As a table shows it.
  var shown: String {
    switch self {
    case .text(let text): text
    case .count(let count): "\(count)"
    case .number(let value, let decimals): String(format: "%.\(decimals)f", value)
    case .quantity(let value, let decimals, let unit): String(format: "%.\(decimals)f", value) + " " + unit
    case .missing: "–"
    }
  }

  /// A share in percent, or a dash.
  static func percent(_ value: Double?) -> Cell {
    value.map { .quantity($0, decimals: 0, unit: "%") } ?? .missing
  }
}

extension Cell: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .count(let count): try container.encode(count)
    case .number(let value, _), .quantity(let value, _, _): try container.encode(value)
    case .missing: try container.encodeNil()
    }
  }

  /// As a field of a comma-separated file: figures in full, nothing for what is missing.
  var field: String {
    switch self {
    case .text(let text):
      text.contains { ",\"\n".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    case .count(let count): "\(count)"
    case .number(let value, _), .quantity(let value, _, _): "\(value)"
    case .missing: ""
    }
  }
}

/// A dimension or a figure that every result of a part has.
struct Column<Row> {
  /// Its name in JSON and CSV, with its unit.
  let key: String
  /// Its heading in a table.
  let title: String
  let cell: (Row) -> Cell

  init(_ key: String, _ title: String, _ cell: @escaping (Row) -> Cell) {
    self.key = key
    self.title = title
    self.cell = cell
  }
}

/// A kind of result. Its columns are all that a table, JSON and CSV are made of.
protocol Measured {
  /// The part's name in JSON and CSV.
  static var part: String { get }
  /// What is above the table.
  static var title: String { get }
  static var columns: [Column<Self>] { get }
}
