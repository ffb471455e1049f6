import SwiftletKernelsPlain

/// Keeps the tokens whose information −log p is nearest to the expected one, those that together have at least the
/// probability `mass`, and those as near as the last of them ("locally typical sampling", Meister et al. 2023;
/// transformers' `typical_p`).
///
/// - Parameter keys: An array by token id, which is lost.
func keepTypical(
  _ tokens: UnsafeMutableBufferPointer<WeightedToken>, _ mass: Float, keys: UnsafeMutablePointer<Float>
) -> UnsafeMutableBufferPointer<WeightedToken> {
  guard let start = tokens.baseAddress, tokens.count > 0 else { return unsafe tokens }
  let total = unsafe totalWeight(tokens)
  let logTotal = naturalLogarithm(Float(total))
  var entropy = 0.0
  for index in 0..<tokens.count {
    let weight = unsafe tokens[index].weight
    let information = logTotal - naturalLogarithm(weight)
    unsafe keys[Int(truncatingIfNeeded: tokens[index].token)] = information
    entropy += Double(weight) / total * Double(information)
  }
  for index in 0..<tokens.count {
    let token = unsafe Int(truncatingIfNeeded: tokens[index].token)
    unsafe keys[token] = -abs(keys[token] - Float(entropy))
  }
  var heap = unsafe TokenHeap(start, count: tokens.count, keys: keys)
  var (sum, farthest) = (0.0, Float(0))
  repeat {
    sum += Double(heap.best.weight)
    farthest = unsafe keys[Int(truncatingIfNeeded: heap.best.token)]
    heap.takeBest()
  } while heap.count > 0 && sum < total * Double(mass)
  while heap.count > 0, unsafe keys[Int(truncatingIfNeeded: heap.best.token)] == farthest { heap.takeBest() }
  return unsafe UnsafeMutableBufferPointer(rebasing: tokens[heap.count...])
}
