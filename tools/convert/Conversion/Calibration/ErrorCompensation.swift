/// Rounding of weights, one input after the other, where the inputs that are still to come make up for the error of
/// each: the sum over the text of the output's squared error becomes as small as one pass can make it.
///
/// With H the inputs' second moments and H⁻¹ = UᵀU, U upper triangular, the error e of weight i takes e · Uᵢⱼ / Uᵢᵢ off
/// each weight j > i. (OBQ: Frantar and Alistarh, 2022; GPTQ: Frantar and others, 2022.)
struct ErrorCompensation {
  private let columns: Int
  /// Uᵢⱼ / Uᵢᵢ at `columns` · i + j, for j > i.
  private let shares: [Float]

  /// For inputs multiplied by `factors`.
  ///
  /// - Complexity: O(columns³).
  init(_ root: UpperRoot, factors: [Float]) {
    columns = root.columns
    var rows = root.values
    for row in 0..<columns {
      for column in row..<columns { rows[row * columns + column] *= Double(factors[row]) }
    }
    shares = Self.inverseShares(rows, columns)
  }

  /// Rows of R⁻¹ = U, each divided by its diagonal.
  private static func inverseShares(_ root: [Double], _ columns: Int) -> [Float] {
    var inverse = [Double](repeating: 0, count: columns * columns)
    var shares = [Float](repeating: 0, count: columns * columns)
    unsafe inverse.withUnsafeMutableBufferPointer { u in
      for i in stride(from: columns - 1, through: 0, by: -1) {
        let (row, diagonal) = (i * columns, root[i * columns + i])
        for k in i + 1..<columns where root[row + k] != 0 {
          let factor = -root[row + k] / diagonal
          for j in k..<columns { unsafe u[row + j] += factor * u[k * columns + j] }
        }
        unsafe u[row + i] = 1 / diagonal
        for j in i + 1..<columns { shares[row + j] = unsafe Float(u[row + j] * diagonal) }
      }
    }
    return shares
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
    unsafe rest.withUnsafeMutableBufferPointer { rest in
      unsafe shares.withUnsafeBufferPointer { shares in
        for i in 0..<columns {
          let scale = scales[i / group]
          let q = unsafe nearestMultiple(of: scale, to: rest[i])
          result[i] = Int8(q)
          let error = unsafe rest[i] - q * scale
          for j in i + 1..<columns { unsafe rest[j] -= error * shares[i * columns + j] }
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
