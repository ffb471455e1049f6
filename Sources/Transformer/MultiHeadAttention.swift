import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// All heads' attention for one query of `heads · width` floats, concatenated ("Attention Is All You Need",
  /// section 3.2.2); the output projection follows elsewhere, for many tokens at once.
  func multiHeadAttention(
    query: UnsafePointer<Float>, _ cache: borrowing KeyValueCache, layer: Int, count: Int,
    _ architecture: Architecture, into output: UnsafeMutablePointer<Float>
  ) {
    for head in 0..<architecture.heads {
      let start = head * architecture.headWidth
      scaledDotProductAttention(
        query: query + start, cache: cache.head(head, layer: layer), count: count, into: output + start)
    }
  }
}
