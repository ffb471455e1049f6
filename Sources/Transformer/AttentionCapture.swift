import SwiftletKernels

/// Which attention of the Transformer ("Attention Is All You Need", section 3.2.3).
public enum AttentionKind: Int, Sendable {
  /// Of source tokens to source tokens.
  case encoder = 0
  /// Of target tokens to themselves and those before them.
  case decoder = 1
  /// Of target tokens to source tokens.
  case source = 2
}

/// Where the probabilities of one layer's attention go while it is computed: `[heads][queries][keys]`, or their mean over
/// the heads, `[queries][keys]`. Queries and keys go by their positions.
///
/// The layer computes its attention as always and then once more, a token and a head at a time, so that nothing costs
/// anything while nobody looks.
@safe public struct AttentionCapture {
  let kind: AttentionKind
  let layer: Int
  let heads: Range<Int>
  let weights: UnsafeMutablePointer<Float>
  let keys: Int
  let headStride: Int
  /// What each head's probabilities are multiplied by.
  let share: Float

  /// Takes the attention of some heads of a layer.
  ///
  /// - Parameters:
  ///   - weights: Zeros: what is there is added to. It must outlive the forward pass.
  ///   - queries: How many tokens attend.
  ///   - keys: How many tokens they attend to.
  ///   - isMean: Whether the mean of the heads is wanted.
  public init(
    _ kind: AttentionKind, layer: Int, heads: Range<Int>, queries: Int, keys: Int, isMean: Bool = false,
    into weights: UnsafeMutablePointer<Float>
  ) {
    self.kind = kind
    self.layer = layer
    self.heads = heads
    unsafe self.weights = weights
    self.keys = keys
    headStride = isMean ? 0 : queries * keys
    share = isMean ? 1 / Float(heads.count) : 1
  }

  /// Takes the probabilities of an attention whose results are there, if it is the one; they are there afterwards, too.
  func take(_ attention: MultiHeadAttention, _ kind: AttentionKind, layer: Int) {
    guard kind == self.kind, layer == self.layer else { return }
    for token in 0..<attention.count {
      for head in heads {
        let attended = attention.run(token: token, head: head)
        // They begin with the page of the first key.
        let probabilities =
          unsafe attention.scratch + AttentionScratch.weights(width: attention.cache.width, queries: 1)
        let keys = attended.first(query: 0)..<attended.end(query: 0)
        let first = keys.lowerBound / tokensPerPage * tokensPerPage
        let row = unsafe weights + ((head - heads.lowerBound) * headStride + attended.position * self.keys)
        for key in keys { unsafe row[key] += probabilities[key - first] * share }
      }
    }
  }
}

extension MultiHeadAttention {
  /// Attention of one token in one head, whose probabilities are in the first thread's scratch afterwards. Returns which
  /// keys it attends to.
  fileprivate func run(token: Int, head: Int) -> AttendedKeys {
    let start = head * cache.width
    let (table, end, position) = unsafe keys.of(token)
    let attended = terms.keys(end: end, position: position, head: head, isCausal: keys.isCausal)
    let query = unsafe AttendingQueries(
      queries + (token * stride + start), into: output + (token * heads * cache.width + start))
    unsafe scaledDotProductAttention(
      query, cache.head(head / (heads / cache.heads), layer: layer, table: table), attended, scratch)
    return attended
  }
}
