import SwiftletKernelSelection
import SwiftletKernels

/// Products with matrices of a model's shapes.
enum ProductBenchmark {
  /// A shape of matrix, and how many inputs share a scale.
  struct Shape: Hashable {
    let rows: Int
    let columns: Int
    let group: Int
  }

  static let tokenCounts = [1, 24]

  /// Every shape and count of tokens with the kernels of each set.
  static func measure(
    _ shapes: [Shape], model: String, _ sets: [InstructionSet], repeats: Int
  ) -> [ProductResult] {
    var results: [ProductResult] = []
    for shape in shapes {
      for tokens in tokenCounts {
        let matrix = SyntheticMatrix(
          rows: shape.rows, columns: shape.columns, group: shape.group, tokens: tokens)
        for set in sets {
          let peak = MultiplyRoof.speed(of: set.description, repeats: repeats)
          let time = seconds(matrix, set, repeats: repeats)
          let speed = Double(2 * shape.rows * shape.columns * tokens) / time / 1e9
          results.append(
            ProductResult(
              setting: Setting(model: model, kernel: set.description), rows: shape.rows,
              columns: shape.columns, group: shape.group, tokens: tokens, microseconds: time * 1e6,
              gigabytesPerSecond: Double(matrix.size) / time / 1e9, gigaoperationsPerSecond: speed,
              percentOfPeak: peak.map { 100 * speed / $0 }))
        }
      }
    }
    return results
  }

  /// The time of the product alone: its inputs are quantised beforehand.
  private static func seconds(_ matrix: SyntheticMatrix, _ set: InstructionSet, repeats: Int) -> Double {
    let kernels = set.kernels ?? InstructionSet.fastestKernels
    let weights = matrix.weights
    unsafe kernels.quantize(
      matrix.input, weights.columns, matrix.tokens, weights, matrix.quantized)
    return medianSeconds(repeats: set == .plain ? 1 : repeats) {
      unsafe kernels.product(
        weights, matrix.quantized, matrix.tokens, TileSelection(0..<weights.paddedRows / 16), matrix.output,
        weights.outputStride, .none)
    }
  }
}
