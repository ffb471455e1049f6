import SwiftletFamilies

/// What is quantised in place of a matrix's inputs x: f x + s, each number exact in bfloat16.
struct InputMap: Equatable {
  /// One for each input; not 0.
  var factors: [Float]
  /// One for each input.
  var shifts: [Float]

  /// x itself.
  init(identity columns: Int) {
    factors = [Float](repeating: 1, count: columns)
    shifts = [Float](repeating: 0, count: columns)
  }

  /// Rounded to bfloat16.
  init(factors: [Double], means: [Double]) {
    let rounded = factors.map { Float($0).roundedToBFloat16 }
    self.factors = rounded
    shifts = zip(rounded, means).map { (-$0 * Float($1)).roundedToBFloat16 }
  }

  /// The inputs less their means.
  init(centring means: [Double]) {
    self.init(factors: [Double](repeating: 1, count: means.count), means: means)
  }

  /// The bias that gives the same outputs for f x + s as `bias` for x: b − (W / f) s. In Double, rounded once.
  func bias(_ bias: [Float], of weights: any RowSource) throws -> [Float] {
    let parts = zip(factors, shifts).map { Double($1) / Double($0) }
    var result = bias
    for start in stride(from: 0, to: bias.count, by: 64) {
      let rows = start..<min(start + 64, bias.count)
      let values = try weights.floats(rows: rows)
      for row in rows {
        let first = (row - start) * parts.count
        let sum = parts.indices.reduce(0.0) { $0 + parts[$1] * Double(values[first + $1]) }
        result[row] = Float(Double(bias[row]) - sum)
      }
    }
    return result
  }

  /// As the file holds it: factors, then shifts, each padded with zeros.
  func bytes(paddedColumns: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for values in [factors, shifts] {
      for value in values { bytes.append(littleEndian: UInt16(value.bitPattern >> 16)) }
      bytes.append(contentsOf: repeatElement(0, count: 2 * (paddedColumns - values.count)))
    }
    return bytes
  }
}

extension Float {
  /// The nearest bfloat16, ties to even. For numbers far from the largest.
  var roundedToBFloat16: Float {
    Float(bitPattern: (bitPattern &+ 0x7FFF &+ (bitPattern >> 16 & 1)) & 0xFFFF_0000)
  }
}
