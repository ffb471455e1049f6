import SwiftletKernels

/// ln Σ eˣ over `count` floats, and the largest of them: log-softmax is x − both' sum.
@inline(__always)
func logSumOfExponentials(_ x: UnsafePointer<Float>, count: Int) -> (largest: Float, logSum: Float) {
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
@inline(__always)
func likeliestIndex(_ logits: UnsafePointer<Float>, count: Int) -> Choice {
  let (largest, logSum) = logSumOfExponentials(logits, count: count)
  var index = 0
  while index &+ 16 <= count && !(logits.lanes(at: index) - largest).reachesZero { index &+= 16 }
  while index < count && logits[index] != largest { index &+= 1 }
  return Choice(index: index < count ? index : 0, logProbability: -logSum)
}
