import SwiftletArena
import SwiftletKernels

extension MultiHeadAttention {
  /// softmax(Q Kᵀ / √d_k) V of some queries over some tokens of one head's cache ("Attention Is All You Need", equation
  /// 1). A causal mask is an end of its own for each query.
  func scaledDotProductAttention(
    _ queries: AttendingQueries, _ cache: HeadCache, _ keys: AttendedKeys,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    unsafe kernels.pointee.attend(queries, scale, cache, keys, scratch)
  }
}
