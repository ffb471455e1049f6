import SwiftletFloatReference

/// How outputs of a projection differ: for each of its rows, over many inputs.
///
/// Without inputs, the weights themselves are compared, as outputs of the unit vectors.
struct OutputError {
  /// For each row: Σ y².
  private(set) var energy: [Double] = []
  /// Σ y ŷ.
  private(set) var product: [Double] = []
  /// Σ (ŷ − y)².
  private(set) var noise: [Double] = []
  /// What rounding makes Σ (ŷ − y)², in the mean.
  private(set) var rounding: [Double] = []
  /// What rounding makes the variance of Σ y ŷ.
  private(set) var productVariance: [Double] = []

  /// Compares the outputs of `weights` and of `others`, both rows × columns.
  ///
  /// - Parameter step: The distance of neighbouring values of a weight in `others`: rounding makes an error of
  ///   variance step² / 12 of it.
  init(
    _ weights: [Float], _ others: [Float], columns: Int, inputs: FloatMatrix?, step: (Int, Int) -> Double
  ) {
    let rows = weights.count / columns
    // y and ŷ: rows × inputs. Σ y x: rows × columns.
    let outputs = inputs.map { transposed(SwiftletFloatReference.product($0, weights, outputs: rows)) }
    let y = outputs?.values ?? weights
    let z =
      inputs.map { transposed(SwiftletFloatReference.product($0, others, outputs: rows)).values } ?? others
    var pulls = weights
    if let outputs, let inputs {
      pulls = SwiftletFloatReference.product(outputs, transposed(inputs).values, outputs: columns).values
    }
    let squares = inputs.map(Self.columnSquares) ?? [Double](repeating: 1, count: columns)
    let count = y.count / max(1, rows)
    for row in 0..<rows {
      var (energy, product, noise) = (0.0, 0.0, 0.0)
      for place in row * count..<(row + 1) * count {
        let (a, b) = (Double(y[place]), Double(z[place]))
        energy += a * a
        product += a * b
        noise += (b - a) * (b - a)
      }
      var (rounding, variance) = (0.0, 0.0)
      for column in 0..<columns {
        let (step, pull) = (step(row, column), Double(pulls[row * columns + column]))
        rounding += step * step / 12 * squares[column]
        variance += step * step / 12 * pull * pull
      }
      self.energy.append(energy)
      self.product.append(product)
      self.noise.append(noise)
      self.rounding.append(rounding)
      productVariance.append(variance)
    }
  }

  /// The gain of one row, and its standard error.
  func gain(row: Int) -> (gain: Double, error: Double) {
    (product[row] / energy[row], productVariance[row].squareRoot() / energy[row])
  }

  private static func columnSquares(_ matrix: FloatMatrix) -> [Double] {
    var sums = [Double](repeating: 0, count: matrix.columns)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        let x = Double(matrix.values[row * matrix.columns + column])
        sums[column] += x * x
      }
    }
    return sums
  }
}

/// Columns as rows.
private func transposed(_ matrix: FloatMatrix) -> FloatMatrix {
  var result = FloatMatrix(rows: matrix.columns, columns: matrix.rows)
  for row in 0..<matrix.rows {
    for column in 0..<matrix.columns {
      result.values[column * matrix.rows + row] = matrix.values[row * matrix.columns + column]
    }
  }
  return result
}
