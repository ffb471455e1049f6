import SwiftletModelFile

/// What quantising a matrix's inputs costs, computed as the runtime's kernels do it.
struct ActivationError {
  /// Inputs that share a scale.
  let group: Int
  /// Whether there is a zero point.
  let usesOffset: Bool
  /// Whether a second part tells what the first leaves off.
  let refines: Bool

  /// For a matrix whose inputs share scales by `group`.
  init(_ tensor: Tensor, group: Int) {
    self.group = group
    usesOffset = tensor.usesOffset
    refines = tensor.refinesInputs
  }

  /// The mean squared error of each quantised input, f x + s, over tokens × columns of x.
  func squares(_ samples: [Float], _ map: InputMap, columns: Int) -> [Double] {
    var result = [Double](repeating: 0, count: columns)
    let rows = samples.count / columns
    var values = [Float](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        values[column] = samples[row * columns + column] * map.factors[column] + map.shifts[column]
      }
      for start in stride(from: 0, to: columns, by: group) {
        let range = start..<min(start + group, columns)
        let (scale, zeroPoint) = parameters(values[range])
        guard scale > 0 else { continue }
        for column in range {
          let q = min(127, max(-127, (values[column] / scale - zeroPoint).rounded(.toNearestOrEven)))
          var rest = values[column] - scale * (q + zeroPoint)
          if refines { rest -= (rest / scale * 254).rounded(.toNearestOrEven) * (scale / 254) }
          let error = Double(rest)
          result[column] += error * error
        }
      }
    }
    return result.map { $0 / Double(max(1, rows)) }
  }

  private func parameters(_ values: ArraySlice<Float>) -> (scale: Float, zeroPoint: Float) {
    let (low, high) = values.reduce((Float(0), Float(0))) { (min($0.0, $1), max($0.1, $1)) }
    guard usesOffset else { return (max(high, -low) / 127, 0) }
    let scale = (high - low) / 254
    return (scale, scale > 0 ? min(127, max(-127, (low / scale).rounded(.toNearestOrEven) + 127)) : 0)
  }
}
