/// How far a projection's biases are from what the reference's make them in the file: r b − Σ r c w s / f, where rows have
/// factors r, columns c, and the inputs are mapped to f x + s.
struct BiasError {
  /// What one row's bias is, and should be; both of the reference's size.
  private struct Row {
    let row: Int
    let bias: Double
    let expected: Double
    /// What is added up in it: |b| + Σ |c w s / f|.
    let magnitude: Double

    /// The difference as a part of what is added up.
    var relative: Double { bias == expected ? 0 : abs(bias - expected) / max(magnitude, abs(bias)) }
  }

  private let rows: [Row]

  /// - Parameters:
  ///   - tensor: as the file has it.
  ///   - range: rows of it.
  ///   - weights: the reference's weights of those rows.
  ///   - reference: all of the reference's biases; none for zeros.
  ///   - factors: of a row, and of a column of it.
  init(
    _ tensor: DequantizedTensor, rows range: Range<Int>, weights: [Float], reference: [Float],
    factors: (row: (Int) -> Float, column: (Int) -> Float)
  ) {
    let columns = tensor.tensor.columns
    let shifts = tensor.inputMap.map { map in
      (0..<columns).map { Double(factors.column($0) * map.shifts[$0] / map.factors[$0]) }
    }
    rows = range.map { row in
      let bias = reference.isEmpty ? 0 : Double(reference[row])
      var (expected, magnitude) = (bias, abs(bias))
      for (column, shift) in (shifts ?? []).enumerated() {
        let part = shift * Double(weights[(row - range.lowerBound) * columns + column])
        expected -= part
        magnitude += abs(part)
      }
      let own = tensor.bias.isEmpty ? 0 : Double(tensor.bias[row] / factors.row(row))
      return Row(row: row, bias: own, expected: expected, magnitude: magnitude)
    }
  }

  /// How many rows differ by more than `chance` of what is added up, by their number among those compared; and which by
  /// the largest part.
  func off(by chance: (Int) -> Double) -> (count: Int, worst: TensorFinding.Bias?) {
    let off = rows.enumerated().filter { $1.relative > chance($0) }.map(\.element)
    let worst = off.max { $0.relative < $1.relative }
    return (
      off.count, worst.map { TensorFinding.Bias(row: $0.row, value: $0.bias, expected: $0.expected) }
    )
  }
}
