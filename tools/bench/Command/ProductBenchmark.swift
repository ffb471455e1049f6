import SwiftletKernelSelection
import SwiftletKernels

/// Products of the shapes that the English-French model has.
enum ProductBenchmark {
  static let shapes = [(768, 256), (256, 256), (1024, 256), (256, 1024), (6001, 256)]
  static let groups = [0, 64, 32]
  static let tokenCounts = [1, 24]

  /// Every shape, scheme and count of tokens, with the kernels of each set.
  static func measure(_ sets: [InstructionSet], repeats: Int) -> [ProductResult] {
    var results: [ProductResult] = []
    for (rows, columns) in shapes {
      for group in groups {
        for tokens in tokenCounts {
          let matrix = SyntheticMatrix(rows: rows, columns: columns, group: group, tokens: tokens)
          for set in sets { results.append(measure(matrix, set, group: group, repeats: repeats)) }
        }
      }
    }
    return results
  }

  /// The product alone: its inputs are quantised beforehand.
  private static func measure(
    _ matrix: SyntheticMatrix, _ set: InstructionSet, group: Int, repeats: Int
  ) -> ProductResult {
    let kernels = set.kernels ?? InstructionSet.fastestKernels
    let weights = matrix.weights
    kernels.quantize(
      matrix.input, weights.columns, matrix.tokens, weights, matrix.quantized)
    let time = medianSeconds(repeats: set == .plain ? 1 : repeats) {
      kernels.product(
        weights, matrix.quantized, matrix.tokens, TileSelection(0..<weights.paddedRows / 16), matrix.output,
        weights.outputStride, .none)
    }
    return ProductResult(
      kernel: set.description, rows: weights.rows, columns: weights.columns, group: group,
      tokens: matrix.tokens,
      microseconds: time * 1e6, gigabytesPerSecond: Double(matrix.size) / time / 1e9,
      gigaoperationsPerSecond: Double(2 * weights.rows * weights.columns * matrix.tokens) / time / 1e9)
  }
}
