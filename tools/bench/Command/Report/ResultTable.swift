/// The results of one part.
struct ResultTable: Encodable {
  let part: String
  let title: String
  let keys: [String]
  private let headings: [String]
  private(set) var rows: [[Cell]]

  init<Row: Measured>(_ results: [Row]) {
    part = Row.part
    title = Row.title
    keys = Row.columns.map(\.key)
    headings = Row.columns.map(\.title)
    rows = results.map { result in Row.columns.map { $0.cell(result) } }
  }

  /// Adds the rows of a table of the same part.
  mutating func append(_ other: ResultTable) { rows += other.rows }

  /// The table, in lines.
  var text: String {
    var table = TextTable(headings)
    for row in rows { table.add(row.map(\.shown)) }
    return "\n\(title)\n" + table.text
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rows.map { Dictionary(uniqueKeysWithValues: zip(keys, $0)) })
  }
}
