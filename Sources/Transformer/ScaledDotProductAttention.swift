import SwiftletArena
import SwiftletKernels

extension MultiHeadAttention {
  /// softmax(q Kᵀ / √d_k) V of one query over the first `count` tokens of one head's cache ("Attention Is All
  /// You Need", equation 1). A causal mask is a smaller `count`.
  func scaledDotProductAttention(
    query: UnsafePointer<Float>, _ cache: HeadCache, count: Int, _ scores: UnsafeMutablePointer<Float>,
    into output: UnsafeMutablePointer<Float>
  ) {
    let scale = 1 / Float(cache.width).squareRoot()
    kernels.pointee.attend(query, scale, cache, count, scores, output)
  }
}
