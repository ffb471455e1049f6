import SwiftletSources

/// The float values of one runtime matrix: one source matrix, or several above each other.
struct WeightSource {
  let parts: [SourceTensor]
  let biases: [SourceTensor]

  init(_ parts: [SourceTensor], biases: [SourceTensor] = []) {
    self.parts = parts
    self.biases = biases
  }

  init(_ linears: [LinearTensors]) {
    self.init(linears.map(\.weight), biases: linears.map(\.bias))
  }

  /// The float rows `rows`, read from the mapped source.
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

  /// All biases, or nil if there is none or all are zero.
  func bias() throws -> [Float]? {
    var result: [Float] = []
    for bias in biases {
      let values = try bias.floats()
      try check(values, of: bias, from: 0)
      result += values
    }
    return result.contains { $0 != 0 } ? result : nil
  }

  /// Gives the source's pages back to the system.
  func release() {
    for part in parts + biases { part.release() }
  }

  private func check(_ values: [Float], of tensor: SourceTensor, from index: Int) throws {
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw ConversionError.notFinite(tensor: tensor.name, index: index + place, value: values[place])
    }
  }
}
