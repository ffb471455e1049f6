import SwiftletArena
import SwiftletKernels

extension MultiHeadAttention {
  /// softmax(q Kᵀ / √d_k) V of one query over some tokens of one head's cache ("Attention Is All You Need", equation
  /// 1). A causal mask is a smaller `keys.end`.
  func scaledDotProductAttention(
    query: UnsafePointer<Float>, _ cache: HeadCache, _ keys: AttendedKeys,
    _ scores: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>
  ) {
    kernels.pointee.attend(query, scale, cache, keys, scores, output)
  }
}
