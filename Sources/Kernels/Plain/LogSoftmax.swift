/// The likeliest of a row of logits.
public struct Choice: Equatable, Sendable {
  /// Its index; the lowest of equals.
  public let index: Int
  /// Its log-probability: logit − ln Σ eˡᵒᵍⁱᵗ.
  public let logProbability: Float

  /// A choice.
  @inlinable
  public init(index: Int, logProbability: Float) {
    self.index = index
    self.logProbability = logProbability
  }
}

/// ln Σ eˣ over `count` floats, and the largest of them: log-softmax is x − both' sum.
@_alwaysEmitIntoClient @inline(__always)
public func logSumOfExponentials(_ x: UnsafePointer<Float>, count: Int) -> (largest: Float, logSum: Float) {
  let lowest = -Float.greatestFiniteMagnitude
  var top = Lanes(repeating: lowest)
  var index = 0
  while index < count {
    top = top.maximum(x.lanes(at: index, end: count).keeping(first: count &- index, else: lowest))
    index &+= 16
  }
  let largest = top.foldedMaximum
  var sum = Lanes.zero
  index = 0
  while index < count {
    let e = exponential(x.lanes(at: index, end: count) - largest)
    sum += e.keeping(first: count &- index, else: 0)
    index &+= 16
  }
  return (largest, naturalLogarithm(sum.foldedSum))
}

/// The first index with the largest of `count` floats, and its log-probability.
@_alwaysEmitIntoClient @inline(__always)
public func likeliestIndex(_ logits: UnsafePointer<Float>, count: Int) -> Choice {
  let (largest, logSum) = logSumOfExponentials(logits, count: count)
  var index = 0
  while index < count && logits[index] != largest { index &+= 1 }
  return Choice(index: index < count ? index : 0, logProbability: -logSum)
}
