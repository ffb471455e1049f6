/// The scale of weights that share one: max |w| / 127, or, where inputs' squares are known, the one a little below it with
/// the least squared error, in which errors count as much as those.
///
/// A smaller scale rounds all weights more finely and cuts the largest off. Without knowing inputs that helps some
/// models and costs others.
struct WeightScale {
  /// Whether the file holds it as bfloat16, as that of a group.
  let isBFloat16: Bool
  /// How many scales are tried.
  private static let candidates = 24

  /// - Parameter importance: for each weight, what its squared error counts; empty if that is not known.
  /// - Returns: 0 if all weights are zero, or so small that their scale would be subnormal.
  func best(for weights: ArraySlice<Float>, importance: ArraySlice<Float>) -> Float {
    let largest = largest(weights)
    guard largest > 0, !importance.isEmpty else { return largest }
    var (best, least) = (largest, Float.infinity)
    for step in 0..<Self.candidates {
      let scale = candidate(largest, step)
      let error = squaredError(weights, importance, scale)
      if error < least { (best, least) = (scale, error) }
    }
    return best
  }

  /// max |w| / 127; as bfloat16 rounded up, so that no quotient exceeds 127.
  func largest(_ weights: ArraySlice<Float>) -> Float {
    let largest = weights.reduce(0) { max($0, abs($1)) }
    guard largest > 1e-30 else { return 0 }
    let scale = largest / 127
    return isBFloat16 ? Float(bitPattern: (scale.bitPattern + 0xFFFF) & 0xFFFF_0000) : scale
  }

  /// The next bfloat16 numbers below, or steps of a 256th.
  private func candidate(_ largest: Float, _ step: Int) -> Float {
    isBFloat16
      ? Float(bitPattern: largest.bitPattern - UInt32(step) << 16) : largest * (1 - Float(step) / 256)
  }

  private func squaredError(
    _ weights: ArraySlice<Float>, _ importance: ArraySlice<Float>, _ scale: Float
  ) -> Float {
    let inverse = 1 / scale
    var sum: Float = 0
    unsafe weights.withUnsafeBufferPointer { weights in
      unsafe importance.withUnsafeBufferPointer { importance in
        for index in 0..<weights.count {
          let q = unsafe min(127, max(-127, (weights[index] * inverse).rounded(.toNearestOrEven)))
          let error = unsafe weights[index] - q * scale
          unsafe sum += error * error * importance[index]
        }
      }
    }
    return sum
  }
}
