import SwiftletFamilies
import SwiftletModelFile

/// What calibration makes of one matrix.
struct MatrixCalibration {
  /// How its rows are rounded.
  let rounding: Rounding
  /// What is quantised in place of its inputs; nil for those themselves.
  let map: InputMap?
  /// What it bought.
  let gain: CalibrationGain

  /// What is added to the diagonal of second moments, in parts of its mean.
  private static let damping = 0.01
  /// The same for a matrix that is a table of embeddings, too: its rows themselves count then.
  private static let tableDamping = 0.5
  /// Rows that a search looks at.
  private static let sampledRows = 256

  /// - Parameter isTable: whether the matrix is a table of embeddings, too.
  init(_ tensor: Tensor, _ source: any RowSource, _ statistics: InputStatistics, isTable: Bool) throws {
    let weights = try Self.sample(source, tensor)
    let group = tensor.group == 0 ? tensor.columns : tensor.group
    let search = InputMapSearch(
      columns: tensor.columns, group: group, usesOffset: tensor.usesOffset, weights: weights,
      statistics: statistics)
    let map = isTable || tensor.group == 0 ? nil : search.best()
    let identity = InputMap(identity: tensor.columns)
    let moments = statistics.moments(map ?? identity)
    let mean = (0..<tensor.columns).reduce(0) { $0 + moments[$1 * tensor.columns + $1] } / Double(tensor.columns)
    let damping = isTable ? Self.tableDamping : Self.damping
    var rounding = Rounding(tensor)
    rounding.importance = (0..<tensor.columns).map {
      Float(moments[$0 * tensor.columns + $0] + damping * mean)
    }
    rounding.compensation = ErrorCompensation(moments, columns: tensor.columns, damping: damping)
    rounding.factors = map?.factors ?? []
    self.rounding = rounding
    self.map = map
    gain = CalibrationGain(
      weights: weights, plain: Rounding(tensor), rounding, statistics, map ?? identity,
      ActivationError(group: group, usesOffset: tensor.usesOffset))
  }

  /// Some rows, evenly spread.
  private static func sample(_ source: any RowSource, _ tensor: Tensor) throws -> [Float] {
    let count = min(tensor.rows, sampledRows)
    var weights: [Float] = []
    for index in 0..<count {
      let row = index * tensor.rows / count
      weights += try source.floats(rows: row..<row + 1)
    }
    return weights
  }
}
