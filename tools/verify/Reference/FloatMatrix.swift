/// Rows of numbers: one row per token.
package struct FloatMatrix: Equatable, Sendable {
  package var rows: Int
  package let columns: Int
  /// Row after row.
  package var values: [Float]

  package init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = [Float](repeating: 0, count: rows * columns)
  }

  package init(rows: Int, columns: Int, values: [Float]) {
    precondition(
      values.count == rows * columns, "a matrix of \(rows) × \(columns) of \(values.count) numbers")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Where a row begins in `values`.
  func start(_ row: Int) -> Int { row * columns }

  /// A copy of some columns of all rows.
  func columns(_ range: Range<Int>) -> FloatMatrix {
    var result = FloatMatrix(rows: 0, columns: range.count)
    result.values.reserveCapacity(rows * range.count)
    for row in 0..<rows {
      result.values += values[start(row) + range.lowerBound..<start(row) + range.upperBound]
    }
    result.rows = rows
    return result
  }

  /// A copy of one row.
  package func row(_ index: Int) -> [Float] { Array(values[index * columns..<(index + 1) * columns]) }

  /// Adds rows below.
  mutating func append(_ other: FloatMatrix) {
    precondition(other.columns == columns, "rows of \(other.columns) numbers below rows of \(columns)")
    values.append(contentsOf: other.values)
    rows += other.rows
  }

  static func + (left: FloatMatrix, right: FloatMatrix) -> FloatMatrix {
    var sum = left
    for index in sum.values.indices { sum.values[index] += right.values[index] }
    return sum
  }
}
