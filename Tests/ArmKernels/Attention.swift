import SwiftletKernels
import SwiftletKernelsPlain
import SwiftletPlatform

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
  let pages = roundUp(tokens, to: tokensPerPage) / tokensPerPage
  if !areSame(plainCache, cache, pages: pages) { fail("remember: width, tokens", width, tokens) }

  let capacity = AttentionScratch.count(width: width, tokens: tokens, queries: 1)
  let plainScratch = memory.take(capacity, filledWith: Float(7))
  let scratch = memory.take(capacity, filledWith: Float(7))
  let plainOutput = memory.take(width + 16, filledWith: Float(7))
  let output = memory.take(width + 16, filledWith: Float(7))
  let keys = AttendedKeys(end: tokens)
  KernelSet.plain.attend(AttendingQueries(key, into: plainOutput), 0.25, plainCache, keys, plainScratch)
  kernels.attend(AttendingQueries(key, into: output), 0.25, cache, keys, scratch)
  // What else is in the scratch may be subnormal, which ARMv7's NEON takes for zero: no result depends on that.
  let weights = AttentionScratch.weights(width: width, queries: 1)
  let hasSameWeights = areSame(plainScratch + weights, scratch + weights, count: capacity - weights)
  if !hasSameWeights || !areSame(plainOutput, output, count: width + 16) {
    fail("attend: width, tokens", width, tokens)
  }
}

/// A cache with remains of an earlier use, which must not matter; its pages lie in reverse.
private func emptyCache(width: Int, tokens: Int, _ memory: inout Memory) -> HeadCache {
  let pages = roundUp(tokens, to: tokensPerPage) / tokensPerPage
  let stride = HeadCache.partBytes(width: width)
  let table = memory.take(pages, filledWith: UInt32(0))
  for place in 0..<pages { table[place] = UInt32(truncatingIfNeeded: pages - 1 - place) }
  let bytes = memory.take(pages * stride / 4, filledWith: Float.nan)
  return HeadCache(width: width, start: UnsafeMutableRawPointer(bytes), stride: stride, table: table)
}

private func areSame(_ a: HeadCache, _ b: HeadCache, pages: Int) -> Bool {
  // The tables are the same, so all pages can be compared at once.
  let one = a.start.assumingMemoryBound(to: UInt8.self)
  let other = b.start.assumingMemoryBound(to: UInt8.self)
  for index in 0..<pages * a.stride where one[index] != other[index] { return false }
  return true
}
