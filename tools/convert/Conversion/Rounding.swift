import Foundation
import SwiftletModelFile
import SwiftletSources
import Synchronization

/// How a matrix's rows become int8.
struct Rounding: Sendable {
  /// Inputs that share a scale.
  let group: Int
  let scale: WeightScale
  /// What an error counts in each column; empty for all alike.
  var importance: [Float] = []
  /// What makes up for errors, where inputs are known.
  var compensation: ErrorCompensation?
  /// What each column is divided by; empty for nothing.
  var factors: [Float] = []

  /// The rounding of `tensor` without anything known of its inputs.
  init(_ tensor: Tensor) {
    group = tensor.group == 0 ? tensor.columns : tensor.group
    scale = WeightScale(isBFloat16: tensor.group != 0)
  }

  /// A row as it is rounded: divided by the inputs' factors.
  func adapted(_ row: ArraySlice<Float>) -> [Float] {
    factors.isEmpty ? Array(row) : zip(row, factors).map { $0 / $1 }
  }

  /// Several rows, on all cores.
  func rows(_ rows: [[Float]]) -> [Row] {
    let results = Mutex([Int: Row](minimumCapacity: rows.count))
    AllCores.perform(rows.count) { index in
      let row = self(rows[index])
      results.withLock { $0[index] = row }
    }
    return results.withLock { found in rows.indices.compactMap { found[$0] } }
  }

  /// Scales of a row's groups, and the row's weights as multiples of them.
  typealias Row = (scales: [Float], values: [Int8])

  /// The scales of a row's groups, and its weights as their multiples.
  ///
  /// - Parameter row: see `adapted`.
  func callAsFunction(_ row: [Float]) -> Row {
    let ranges = stride(from: 0, to: row.count, by: group).map { $0..<min($0 + group, row.count) }
    let scales = ranges.map { scale.best(for: row[$0], importance: importance.isEmpty ? [] : importance[$0]) }
    if let compensation { return (scales, compensation.rounded(row[...], scales: scales, group: group)) }
    return (
      scales,
      row.enumerated().map { Int8(nearestMultiple(of: scales[$0.offset / group], to: $0.element)) }
    )
  }
}
