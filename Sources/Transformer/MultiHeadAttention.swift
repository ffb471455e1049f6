import SwiftletArena
import SwiftletKernels
import SwiftletThreads

/// Attention of all heads for some tokens, each over the tokens in its cache ("Attention Is All You Need", section
/// 3.2.2): the output is the heads' results side by side. The output projection follows elsewhere, for many tokens at
/// once.
struct MultiHeadAttention: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let cache: KeyValueView
  /// The cache's layer.
  let layer: Int
  /// The first token's queries, heads side by side.
  let queries: UnsafePointer<Float>
  /// The floats from one token's queries to the next's.
  let stride: Int
  /// How many tokens attend.
  let count: Int
  /// Where each token's keys and values are.
  let keys: KeySource
  /// Scratch for each thread: `cache.capacity` floats.
  let scores: UnsafeMutablePointer<Float>
  /// The heads' results, `heads · width` floats a token.
  let output: UnsafeMutablePointer<Float>

  /// About what the longest token's caches hold: keys are multiplied as floats, which takes longer than reading them.
  var size: Int { 8 &* count &* cache.heads &* cache.width &* keys.length(0) }

  func run(_ share: Share) {
    let scores = scores + share.index * cache.capacity
    // Tokens and heads, heads innermost.
    let items = share.range(of: count * cache.heads)
    for item in items {
      let (token, head) = (item / cache.heads, item % cache.heads)
      let start = head * cache.width
      scaledDotProductAttention(
        query: queries + (token * stride + start),
        cache.head(head, layer: layer, slot: keys.slot(token)), count: keys.length(token), scores,
        into: output + (token * cache.heads * cache.width + start))
    }
  }

  static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// Where the keys and values are that a token attends to.
struct KeySource: BitwiseCopyable {
  /// The slot of each token's sentence; nil where all are in slot 0.
  let slots: UnsafePointer<UInt32>?
  /// How far each slot's sentence has come; nil where `count` holds for all.
  let lengths: UnsafePointer<SlotLengths>?
  /// Which of the lengths counts.
  let isTarget: Bool
  /// How many tokens, where it is the same for all.
  let count: Int

  /// All `count` tokens in slot 0.
  init(count: Int) {
    slots = nil
    lengths = nil
    isTarget = false
    self.count = count
  }

  /// Each token's own sentence: its source, or its target up to and with itself.
  init(slots: UnsafePointer<UInt32>, lengths: UnsafePointer<SlotLengths>, isTarget: Bool) {
    self.slots = slots
    self.lengths = lengths
    self.isTarget = isTarget
    count = 0
  }

  func slot(_ token: Int) -> Int { slots.map { Int(truncatingIfNeeded: $0[token]) } ?? 0 }

  func length(_ token: Int) -> Int {
    guard let lengths else { return count }
    let slot = lengths[slot(token)]
    return isTarget ? slot.target + 1 : slot.source
  }
}
