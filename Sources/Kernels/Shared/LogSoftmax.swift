import SwiftletKernels

/// ln Σ eˣ over `count` floats, and the largest of them: log-softmax is x − both' sum.
@inline(__always)
func logSumOfExponentials(_ x: UnsafePointer<Float>, count: Int) -> (largest: Float, logSum: Float) {
  let lowest = -Float.greatestFiniteMagnitude
  let whole = count & -16
  var top = Lanes(repeating: lowest)
  var index = 0
  while index < whole {
    top = unsafe top.maximum(x.lanes(at: index))
    index &+= 16
  }
  // What is less than a register stays out of the loops, which would have to make room for its mask.
  let rest = unsafe whole < count ? (x + whole).lanes(first: count &- whole) : Lanes.zero
  if whole < count { top = top.maximum(rest.keeping(first: count &- whole, else: lowest)) }
  let largest = top.foldedMaximum
  var sum = Lanes.zero
  index = 0
  while index < whole {
    unsafe sum += exponential(x.lanes(at: index) - largest)
    index &+= 16
  }
  if whole < count { sum += exponential(rest - largest).keeping(first: count &- whole, else: 0) }
  return (largest, naturalLogarithm(sum.foldedSum))
}

/// The first index with the largest of `count` floats, and its log-probability.
@inline(__always)
func likeliestIndex(_ logits: UnsafePointer<Float>, count: Int) -> Choice {
  let (largest, logSum) = unsafe logSumOfExponentials(logits, count: count)
  var index = 0
  if computesSixteen {
    while unsafe index &+ 16 <= count && !(logits.lanes(at: index) - largest).reachesZero { index &+= 16 }
  }
  while unsafe index < count && logits[index] != largest { index &+= 1 }
  return Choice(index: index < count ? index : 0, logProbability: -logSum)
}
