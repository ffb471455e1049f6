/// R, upper triangular, with R Rᵀ = H, the second moments of a matrix's inputs: a Cholesky factor from the last row up.
///
/// Rᵢᵢ² is what is left of input i's square when the inputs after it are known.
struct UpperRoot {
  let columns: Int
  /// Rᵢⱼ at `columns` · i + j, for j ≥ i.
  let values: [Double]

  /// nil if all inputs are zero.
  ///
  /// - Parameters:
  ///   - moments: H at `columns` · i + j, for j ≥ i.
  ///   - damping: what is added to H's diagonal, in parts of its mean.
  /// - Complexity: O(columns³).
  init?(_ moments: [Double], columns: Int, damping: Double) {
    var matrix = moments
    let mean = (0..<columns).reduce(0) { $0 + moments[$1 * columns + $1] } / Double(columns)
    guard mean > 1e-30, mean.isFinite else { return nil }
    for index in 0..<columns { matrix[index * columns + index] += damping * mean }
    guard Self.factor(&matrix, columns) else { return nil }
    self.columns = columns
    values = matrix
  }

  /// Rᵢᵢ².
  var variances: [Double] {
    (0..<columns).map { values[$0 * columns + $0] * values[$0 * columns + $0] }
  }

  /// Puts the root in the place of the matrix; false if that is not positive definite.
  private static func factor(_ root: inout [Double], _ columns: Int) -> Bool {
    unsafe root.withUnsafeMutableBufferPointer { r in
      for j in stride(from: columns - 1, through: 0, by: -1) {
        let row = j * columns
        let square = unsafe r[row + j] - dot(r, row, row, j + 1..<columns)
        guard square > 0 else { return false }
        let diagonal = square.squareRoot()
        unsafe r[row + j] = diagonal
        for i in 0..<j {
          unsafe r[i * columns + j] =
            unsafe (r[i * columns + j] - dot(r, i * columns, row, j + 1..<columns)) / diagonal
        }
      }
      return true
    }
  }

  /// Σ of products of two rows, over some columns.
  private static func dot(
    _ values: UnsafeMutableBufferPointer<Double>, _ left: Int, _ right: Int, _ range: Range<Int>
  ) -> Double {
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while index + 4 <= range.upperBound {
      let base = unsafe UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped)
      let x = unsafe base.loadUnaligned(fromByteOffset: 8 * (left + index), as: SIMD4<Double>.self)
      let y = unsafe base.loadUnaligned(fromByteOffset: 8 * (right + index), as: SIMD4<Double>.self)
      sums += x * y
      index += 4
    }
    var result = sums.sum()
    while index < range.upperBound {
      unsafe result += values[left + index] * values[right + index]
      index += 1
    }
    return result
  }
}
