import SwiftletFamilies
import SwiftletFloatReference
import SwiftletModelFile

/// Gathers statistics of projections' inputs while the float reference runs over a text.
///
/// Tensors of the same numbers have statistics in common. Used by one thread at a time, except that nothing is gathered
/// while `isWatching` is false.
final class InputCollector: @unchecked Sendable {
  /// Which statistics the inputs of a tensor are added to.
  private let keys: [TensorName: String]
  /// Those that are gathered now.
  private(set) var statistics: [String: InputStatistics] = [:]
  /// Whether inputs count.
  var isWatching = false

  init(_ keys: [TensorName: String]) { self.keys = keys }

  /// Begins anew, with empty statistics of matrices of these columns.
  func gather(_ wanted: [(key: String, columns: Int)]) {
    statistics = Dictionary(
      uniqueKeysWithValues: wanted.map { ($0.key, InputStatistics(columns: $0.columns)) })
  }

  /// What sees the inputs of each projection, and changes nothing.
  var lenses: [TensorName: FloatLens] {
    keys.mapValues { key in
      { inputs in
        if self.isWatching { self.statistics[key]?.add(inputs.values) }
        return inputs
      }
    }
  }
}
