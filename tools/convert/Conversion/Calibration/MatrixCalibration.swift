import SwiftletFamilies
import SwiftletModelFile

/// What calibration makes of one matrix.
struct MatrixCalibration {
  /// How its rows are rounded.
  let rounding: Rounding
  /// What is quantised in place of its inputs; nil for those themselves.
  let map: InputMap?
  /// Inputs that share a scale; 0 for a row.
  let group: Int
  /// What it bought.
  let gain: CalibrationGain

  /// What is added to the diagonal of second moments, in parts of its mean.
  private static let damping = 0.01
  /// The same for a matrix that is a table of embeddings, too: its rows themselves count then.
  private static let tableDamping = 0.5
  /// The same in a narrow model, where errors of what is looked up average away less.
  private static let narrowTableDamping = 2.0
  /// Rows that a search looks at.
  private static let sampledRows = 256

  /// Where the output of a matrix is as clean as this with one scale a row, in dB, that is enough: others limit the model.
  private static let cleanOutput = 50.0

  /// What is best for a matrix: one scale a row, if that takes fewer bytes and its output stays clean; else groups.
  ///
  /// - Parameters:
  ///   - isTable: whether the matrix is a table of embeddings, too.
  ///   - choosesGroup: whether the group may be another than the tensor's.
  ///   - isNarrow: whether the model is narrow: its inputs have no factors and shifts then.
  static func best(
    _ tensor: Tensor, _ source: any RowSource, _ statistics: InputStatistics, isTable: Bool,
    choosesGroup: Bool, isNarrow: Bool = false
  ) throws -> MatrixCalibration {
    var row = tensor
    row.group = 0
    if choosesGroup, !isTable, bytes(row) < bytes(tensor) {
      let plain = try MatrixCalibration(row, source, statistics, isTable: false)
      if plain.gain.decibelsAfter >= cleanOutput { return plain }
    }
    return try MatrixCalibration(tensor, source, statistics, isTable: isTable, isNarrow: isNarrow)
  }

  private static func bytes(_ tensor: Tensor) -> Int {
    tensor.dataSize + tensor.scalesSize + tensor.sumsSize
  }

  /// - Parameters:
  ///   - isTable: whether the matrix is a table of embeddings, too.
  ///   - isNarrow: whether the model is narrow: its inputs have no factors and shifts then.
  init(
    _ tensor: Tensor, _ source: any RowSource, _ statistics: InputStatistics, isTable: Bool,
    isNarrow: Bool = false
  ) throws {
    let weights = try Self.sample(source, tensor)
    let group = tensor.group == 0 ? tensor.columns : tensor.group
    let inputs = ActivationError(tensor)
    let identity = InputMap(identity: tensor.columns)
    let damping = !isTable ? Self.damping : isNarrow ? Self.narrowTableDamping : Self.tableDamping
    let plain = UpperRoot(statistics.moments(identity), columns: tensor.columns, damping: damping)
    let centring = InputMap(centring: statistics.meansAndSquares.means)
    let centred =
      isTable || tensor.group == 0 || isNarrow
      ? nil : UpperRoot(statistics.moments(centring), columns: tensor.columns, damping: damping)
    var map: InputMap?
    if let plain, let centred {
      map = InputMapSearch(
        columns: tensor.columns, group: group, inputs: inputs, weights: weights,
        statistics: statistics, variances: (plain.variances, centred.variances)
      ).best()
    }
    var rounding = Rounding(tensor)
    if let root = map == nil ? plain : centred {
      let factors = (map ?? identity).factors
      rounding.importance = zip(factors, root.variances).map { $0 * $0 * Float($1) }
      rounding.compensation = ErrorCompensation(root, factors: factors)
    }
    rounding.factors = map?.factors ?? []
    self.group = tensor.group
    self.rounding = rounding
    self.map = map
    gain = CalibrationGain(
      weights: weights, plain: Rounding(tensor), rounding, statistics, map ?? identity,
      inputs)
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
