/// Keeps the likeliest tokens that together have at least the probability `p`, and no more of them than that takes
/// ("nucleus sampling", Holtzman et al. 2020; transformers' `top_p`).
func keepTopP(
  _ tokens: UnsafeMutableBufferPointer<WeightedToken>, _ p: Float, keys: UnsafePointer<Float>
) -> UnsafeMutableBufferPointer<WeightedToken> {
  guard let start = tokens.baseAddress, tokens.count > 0 else { return unsafe tokens }
  let enough = unsafe totalWeight(tokens) * Double(p)
  var heap = unsafe TokenHeap(start, count: tokens.count, keys: keys)
  var sum = 0.0
  repeat {
    sum += Double(heap.best.weight)
    heap.takeBest()
  } while heap.count > 0 && sum < enough
  return unsafe UnsafeMutableBufferPointer(rebasing: tokens[heap.count...])
}

/// The sum of all weights.
func totalWeight(_ tokens: UnsafeMutableBufferPointer<WeightedToken>) -> Double {
  var sum = 0.0
  for index in 0..<tokens.count { unsafe sum += Double(tokens[index].weight) }
  return sum
}
