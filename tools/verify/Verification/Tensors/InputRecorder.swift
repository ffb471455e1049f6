import Synchronization
import SwiftletFloatReference
import SwiftletModelFile

/// Keeps some of the inputs that projections get.
final class InputRecorder: Sendable {
  /// The most rows that are kept of a tensor's inputs.
  static let rows = 128
  private let inputs = Mutex([TensorName: FloatMatrix]())

  /// The inputs of each projection when the reference reads `exercises`.
  static func inputs(
    of names: [TensorName], _ reference: FloatModel, _ exercises: [Exercise]
  ) throws(ReferenceError) -> [TensorName: FloatMatrix] {
    let recorder = InputRecorder()
    var lenses: [TensorName: FloatLens] = [:]
    for name in names {
      lenses[name] = { matrix in
        recorder.record(matrix, name)
        return matrix
      }
    }
    let model = reference.looking(through: lenses)
    for exercise in exercises { _ = try exercise.results(model) }
    return recorder.inputs.withLock { $0 }
  }

  private func record(_ matrix: FloatMatrix, _ name: TensorName) {
    inputs.withLock { inputs in
      var kept = inputs[name] ?? FloatMatrix(rows: 0, columns: matrix.columns)
      let count = min(matrix.rows, Self.rows - kept.rows)
      guard count > 0 else { return }
      kept.values += matrix.values[..<(count * matrix.columns)]
      kept.rows += count
      inputs[name] = kept
    }
  }
}
