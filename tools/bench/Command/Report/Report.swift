import Foundation

/// All that a run measured, part by part. Times are medians; 1 GB is 10⁹ bytes.
struct Report {
  let machine: Machine
  /// How many cores other processes kept busy on average.
  var otherCores: Double?
  private var tables: [ResultTable] = []

  init(_ machine: Machine) { self.machine = machine }

  /// Adds results; returns their table.
  mutating func add<Row: Measured>(_ results: [Row]) -> String {
    let table = ResultTable(results)
    if let place = tables.firstIndex(where: { $0.part == table.part }) {
      tables[place].append(table)
    } else {
      tables.append(table)
    }
    return table.text
  }

  /// What the figures belong to.
  private var head: [(key: String, cell: Cell)] {
    machine.fields + [("other_cores_busy", otherCores.map { .number($0, decimals: 2) } ?? .missing)]
  }

  /// An object with the machine, and an array of objects for each part.
  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }

  /// A line for each result: what the figures belong to, then the columns of all parts, empty where a part has no such
  /// column.
  func csv() -> Data {
    let keys = tables.flatMap(\.keys).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let machine = head
    var lines = [(machine.map(\.key) + ["part"] + keys).joined(separator: ",")]
    for table in tables {
      for row in table.rows {
        let cells = Dictionary(uniqueKeysWithValues: zip(table.keys, row))
        let line = machine.map(\.cell) + [.text(table.part)] + keys.map { cells[$0] ?? .missing }
        lines.append(line.map(\.field).joined(separator: ","))
      }
    }
    return Data((lines.joined(separator: "\n") + "\n").utf8)
  }
}

extension Report: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    let machine = Dictionary(uniqueKeysWithValues: head.map { ($0.key, $0.cell) })
    try container.encode(machine, forKey: Key(stringValue: "machine"))
    for table in tables { try container.encode(table, forKey: Key(stringValue: table.part)) }
  }
}
