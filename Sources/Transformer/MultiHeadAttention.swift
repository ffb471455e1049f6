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
  /// Scratch for each thread: `scoresPerThread` floats.
  let scores: UnsafeMutablePointer<Float>
  let scoresPerThread: Int
  /// The heads' results, `heads · width` floats a token.
  let output: UnsafeMutablePointer<Float>

  /// About what the longest token's caches hold: keys are multiplied as floats, which takes longer than reading them.
  var size: Int { 8 &* count &* cache.heads &* cache.width &* keys.of(0).count }

  func run(_ share: Share) {
    let scores = scores + share.index * scoresPerThread
    // Tokens and heads, heads innermost.
    let items = share.range(of: count * cache.heads)
    for item in items {
      let (token, head) = (item / cache.heads, item % cache.heads)
      let start = head * cache.width
      let (table, count) = keys.of(token)
      scaledDotProductAttention(
        query: queries + (token * stride + start), cache.head(head, layer: layer, table: table), count: count,
        scores, into: output + (token * cache.heads * cache.width + start))
    }
  }

  static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// The keys and values that tokens attend to: the pages of each token's own sequence or source, and how many tokens of
/// them.
struct KeySource: BitwiseCopyable {
  private let rows: UnsafePointer<StepRow>?
  private let slots: UnsafePointer<SlotState>?
  private let tables: UnsafePointer<UInt32>
  private let pages: Int
  private let counts: UnsafePointer<Int>?
  private let count: Int

  /// All tokens attend to the first `count` in the pages of one table.
  init(count: Int, table: UnsafePointer<UInt32>) {
    (rows, slots, counts, pages) = (nil, nil, nil, 0)
    tables = table
    self.count = count
  }

  /// Each row attends to its own sequence, up to and with itself; the tables are one a slot, of `pages` pages.
  init(rows: UnsafePointer<StepRow>, tables: UnsafePointer<UInt32>, pages: Int) {
    self.rows = rows
    self.tables = tables
    self.pages = pages
    (slots, counts, count) = (nil, nil, 0)
  }

  /// Each row attends to the source of its sequence; the tables are one a source, of `pages` pages.
  init(
    rows: UnsafePointer<StepRow>, slots: UnsafePointer<SlotState>, counts: UnsafePointer<Int>,
    tables: UnsafePointer<UInt32>, pages: Int
  ) {
    self.rows = rows
    self.slots = slots
    self.counts = counts
    self.tables = tables
    self.pages = pages
    count = 0
  }

  /// What a token attends to.
  func of(_ token: Int) -> (table: UnsafePointer<UInt32>, count: Int) {
    guard let rows else { return (tables, count) }
    let row = rows[token]
    let slot = Int(truncatingIfNeeded: row.slot)
    guard let slots, let counts else {
      return (tables + slot &* pages, Int(truncatingIfNeeded: row.position) &+ 1)
    }
    let source = slots[slot].source
    return (tables + source &* pages, counts[source])
  }
}
