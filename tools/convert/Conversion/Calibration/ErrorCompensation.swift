/// Rounding of weights, one input after the other, where the inputs that are still to come make up for the error of
/// each: the sum over the text of the output's squared error becomes as small as one pass can make it.
///
/// With H the inputs' second moments and H⁻¹ = UᵀU, U upper triangular, the error e of weight i takes e · Uᵢⱼ / Uᵢᵢ off
/// each weight j > i. (OBQ: Frantar and Alistarh, 2022; GPTQ: Frantar and others, 2022.)
struct ErrorCompensation {
  private let columns: Int
  /// Uᵢⱼ / Uᵢᵢ at `columns` · i + j, for j > i.
  private let shares: [Float]

  /// - Parameters:
  ///   - moments: H at `columns` · i + j, for j ≥ i.
  ///   - damping: what is added to H's diagonal, in parts of its mean.
  /// - Complexity: O(columns³).
  init?(_ moments: [Double], columns: Int, damping: Double) {
    var matrix = moments
    let mean = (0..<columns).reduce(0) { $0 + moments[$1 * columns + $1] } / Double(columns)
    guard mean > 1e-30, mean.isFinite else { return nil }
    for index in 0..<columns { matrix[index * columns + index] += damping * mean }
    guard let root = Self.upperRoot(matrix, columns) else { return nil }
    self.columns = columns
    shares = Self.inverseShares(root, columns)
  }

  /// R, upper triangular, with H = R Rᵀ.
  private static func upperRoot(_ matrix: [Double], _ columns: Int) -> [Double]? {
    var root = matrix
    let isPositive = root.withUnsafeMutableBufferPointer { r in
      for j in stride(from: columns - 1, through: 0, by: -1) {
        let row = j * columns
        let square = r[row + j] - dot(r, row, row, j + 1..<columns)
        guard square > 0 else { return false }
        let diagonal = square.squareRoot()
        r[row + j] = diagonal
        for i in 0..<j {
          r[i * columns + j] = (r[i * columns + j] - dot(r, i * columns, row, j + 1..<columns)) / diagonal
        }
      }
      return true
    }
    return isPositive ? root : nil
  }

  /// Rows of R⁻¹ = U, each divided by its diagonal.
  private static func inverseShares(_ root: [Double], _ columns: Int) -> [Float] {
    var inverse = [Double](repeating: 0, count: columns * columns)
    var shares = [Float](repeating: 0, count: columns * columns)
    inverse.withUnsafeMutableBufferPointer { u in
      for i in stride(from: columns - 1, through: 0, by: -1) {
        let (row, diagonal) = (i * columns, root[i * columns + i])
        for k in i + 1..<columns where root[row + k] != 0 {
          let factor = -root[row + k] / diagonal
          for j in k..<columns { u[row + j] += factor * u[k * columns + j] }
        }
        u[row + i] = 1 / diagonal
        for j in i + 1..<columns { shares[row + j] = Float(u[row + j] * diagonal) }
      }
    }
    return shares
  }

  /// Σ of products of two rows, over some columns.
  private static func dot(
    _ values: UnsafeMutableBufferPointer<Double>, _ left: Int, _ right: Int, _ range: Range<Int>
  ) -> Double {
    var sums = SIMD4<Double>.zero
    var index = range.lowerBound
    while index + 4 <= range.upperBound {
      let base = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped)
      let x = base.loadUnaligned(fromByteOffset: 8 * (left + index), as: SIMD4<Double>.self)
      let y = base.loadUnaligned(fromByteOffset: 8 * (right + index), as: SIMD4<Double>.self)
      sums += x * y
      index += 4
    }
    var result = sums.sum()
    while index < range.upperBound {
      result += values[left + index] * values[right + index]
      index += 1
    }
    return result
  }

  /// Rounds a row of weights to whole multiples of their groups' scales.
  ///
  /// - Parameters:
  ///   - group: inputs that share a scale.
  /// - Returns: the multiples, in [−127, 127].
  /// - Complexity: O(columns²).
  func rounded(_ weights: ArraySlice<Float>, scales: [Float], group: Int) -> [Int8] {
    var rest = Array(weights)
    var result = [Int8](repeating: 0, count: columns)
    rest.withUnsafeMutableBufferPointer { rest in
      shares.withUnsafeBufferPointer { shares in
        for i in 0..<columns {
          let scale = scales[i / group]
          let q = nearestMultiple(of: scale, to: rest[i])
          result[i] = Int8(q)
          let error = rest[i] - q * scale
          for j in i + 1..<columns { rest[j] -= error * shares[i * columns + j] }
        }
      }
    }
    return result
  }
}

/// The multiple of `scale` in [−127, 127] that is nearest to `weight`, ties to even; 0 for a scale of 0.
func nearestMultiple(of scale: Float, to weight: Float) -> Float {
  scale == 0 ? 0 : min(127, max(-127, (weight / scale).rounded(.toNearestOrEven)))
}
