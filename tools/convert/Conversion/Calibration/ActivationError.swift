import SwiftletFloatReference
import SwiftletModelFile

/// What quantising a matrix's inputs costs.
struct ActivationError {
  private let rounding: InputRounding

  /// For the inputs of `tensor`.
  init(_ tensor: Tensor) { rounding = InputRounding(tensor) }

  /// The mean squared error of each quantised input, f x + s, over tokens × columns of x.
  func squares(_ samples: [Float], _ map: InputMap, columns: Int) -> [Double] {
    var result = [Double](repeating: 0, count: columns)
    let rows = samples.count / columns
    var values = [Float](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        values[column] = samples[row * columns + column] * map.factors[column] + map.shifts[column]
      }
      rounding.takeRemainders(of: &values)
      for column in 0..<columns { result[column] += Double(values[column]) * Double(values[column]) }
    }
    return result.map { $0 / Double(max(1, rows)) }
  }
}
