import SwiftletKernels
import SwiftletKernelsPlain

/// Caches keys and values of `tokens` tokens with both sets, and attends to them: the caches' bytes, the weights and the
/// outputs must be the same.
func checkAttention(
  _ kernels: KernelSet, width: Int, tokens: Int, _ memory: inout Memory, _ random: inout Random
) {
  let (plainCache, cache) = (
    emptyCache(width: width, tokens: tokens, &memory), emptyCache(width: width, tokens: tokens, &memory)
  )
  let key = memory.take(width, filledWith: Float(0))
  let value = memory.take(width, filledWith: Float(0))
  for token in 0..<tokens {
    let reach: Float = random.happens(oneIn: 8) ? 0 : 3
    for index in 0..<width {
      key[index] = random.float(reach)
      value[index] = random.float(reach)
    }
    KernelSet.plain.remember(key, value, token, plainCache)
    kernels.remember(key, value, token, cache)
  }
  if !areSame(plainCache, cache) { fail("remember: width, tokens", width, tokens) }

  let plainWeights = memory.take(cache.capacity, filledWith: Float(7))
  let weights = memory.take(cache.capacity, filledWith: Float(7))
  let plainOutput = memory.take(width + 16, filledWith: Float(7))
  let output = memory.take(width + 16, filledWith: Float(7))
  KernelSet.plain.attend(key, 0.25, plainCache, tokens, plainWeights, plainOutput)
  kernels.attend(key, 0.25, cache, tokens, weights, output)
  let hasSameWeights = areSame(plainWeights, weights, count: cache.capacity)
  if !hasSameWeights || !areSame(plainOutput, output, count: width + 16) {
    fail("attend: width, tokens", width, tokens)
  }
}

/// A cache with remains of an earlier use, which must not matter.
private func emptyCache(width: Int, tokens: Int, _ memory: inout Memory) -> HeadCache {
  let capacity = roundUp(tokens, to: 16) + 16
  return HeadCache(
    width: width, keys: memory.take(width * capacity, filledWith: 77),
    values: memory.take(roundUp(width, to: 16) * capacity, filledWith: -5),
    factors: memory.take(4 * capacity, filledWith: Float.nan), capacity: capacity)
}

private func areSame(_ a: HeadCache, _ b: HeadCache) -> Bool {
  for index in 0..<a.width * a.capacity where a.keys[index] != b.keys[index] { return false }
  for index in 0..<a.paddedWidth * a.capacity where a.values[index] != b.values[index] { return false }
  return areSame(a.factors, b.factors, count: 4 * a.capacity)
}
