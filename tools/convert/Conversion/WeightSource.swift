import SwiftletSources

/// Where the float values of one runtime matrix come from, some rows at a time.
package protocol MatrixSource {
  /// The float rows `rows`: `rows.count` × the matrix's columns.
  func floats(rows: Range<Int>) throws -> [Float]

  /// The biases of all rows, or nil if there is none or all are zero.
  func bias() throws -> [Float]?

  /// Gives memory back that was read so far.
  func release()
}

/// Tensors of a file: one source matrix, or several above each other.
struct WeightSource: MatrixSource {
  let parts: [SourceTensor]
  let biases: [SourceTensor]

  init(_ parts: [SourceTensor], biases: [SourceTensor] = []) {
    self.parts = parts
    self.biases = biases
  }

  init(_ linears: [LinearTensors]) {
    self.init(linears.map(\.weight), biases: linears.map(\.bias))
  }

  func floats(rows: Range<Int>) throws -> [Float] {
    var result: [Float] = []
    var first = 0
    for part in parts {
      let mine = rows.clamped(to: first..<first + part.rowCount)
      if !mine.isEmpty {
        let values = try part.floats(rows: mine.lowerBound - first..<mine.upperBound - first)
        try check(values, of: part, from: (mine.lowerBound - first) * part.rowLength)
        result += values
      }
      first += part.rowCount
    }
    return result
  }

  func bias() throws -> [Float]? {
    var result: [Float] = []
    for bias in biases {
      let values = try bias.floats()
      try check(values, of: bias, from: 0)
      result += values
    }
    return result.contains { $0 != 0 } ? result : nil
  }

  func release() {
    for part in parts + biases { part.release() }
  }

  private func check(_ values: [Float], of tensor: SourceTensor, from index: Int) throws {
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw ConversionError.notFinite(tensor: tensor.name, index: index + place, value: values[place])
    }
  }
}
