/// Keeps the `k` likeliest tokens, and those as likely as the last of them (transformers' `top_k`).
func keepTopK(
  _ tokens: UnsafeMutableBufferPointer<WeightedToken>, _ k: Int, keys: UnsafePointer<Float>
) -> UnsafeMutableBufferPointer<WeightedToken> {
  guard k < tokens.count, let start = tokens.baseAddress else { return unsafe tokens }
  var heap = unsafe TokenHeap(start, count: tokens.count, keys: keys)
  for _ in 0..<k { heap.takeBest() }
  let least = unsafe start[heap.count].weight
  while heap.count > 0, heap.best.weight == least { heap.takeBest() }
  return unsafe UnsafeMutableBufferPointer(rebasing: tokens[heap.count...])
}
