import SwiftletArena
import SwiftletKernels
import SwiftletThreads

/// Attention of all heads for some tokens, each over the tokens in its cache ("Attention Is All You Need", section
/// 3.2.2): the output is the heads' results side by side. The output projection follows elsewhere, for many tokens at
/// once. With fewer heads of keys and values each of them serves several neighbouring heads of queries.
struct MultiHeadAttention: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let cache: KeyValueView
  /// The cache's layer.
  let layer: Int
  /// Heads of queries.
  let heads: Int
  /// What the product of a query and a key is multiplied by.
  let scale: Float
  /// What is added to scores by distance, and which tokens are too far.
  let terms: DistanceTerms
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
  var size: Int { 8 &* count &* heads &* cache.width &* keys.of(0).count }

  func run(_ share: Share) {
    let scores = scores + share.index * scoresPerThread
    // Tokens and heads, heads innermost.
    let items = share.range(of: count * heads)
    let queriesPerKey = heads / cache.heads
    for item in items {
      let (token, head) = (item / heads, item % heads)
      let start = head * cache.width
      let (table, end, position) = keys.of(token)
      scaledDotProductAttention(
        query: queries + (token * stride + start),
        cache.head(head / queriesPerKey, layer: layer, table: table),
        terms.keys(end: end, position: position, head: head), scores,
        into: output + (token * heads * cache.width + start))
    }
  }

  static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// What the distance from a query to a key changes.
struct DistanceTerms: BitwiseCopyable {
  /// How many tokens, itself included, a token attends to; 0 for all.
  var window = 0
  /// For each head the biases of the distances −`distance` … `distance`; nil for none.
  var biases: UnsafePointer<Float>?
  /// The largest distance with a bias of its own.
  var distance = 0

  /// The keys before `end` that a query at `position` attends to.
  func keys(end: Int, position: Int, head: Int) -> AttendedKeys {
    AttendedKeys(
      first: window == 0 ? 0 : max(0, position &+ 1 &- window), end: end,
      biases: biases.map { $0 + (head &* (2 &* distance &+ 1) &+ distance) }, distance: distance,
      position: position)
  }
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
  private let start: Int

  /// All tokens, which stand at `start` and after, attend to the first `count` in the pages of one table.
  init(count: Int, table: UnsafePointer<UInt32>, start: Int) {
    (rows, slots, counts, pages) = (nil, nil, nil, 0)
    tables = table
    self.count = count
    self.start = start
  }

  /// Each row attends to its own sequence, up to and with itself; the tables are one a slot, of `pages` pages.
  init(rows: UnsafePointer<StepRow>, tables: UnsafePointer<UInt32>, pages: Int) {
    self.rows = rows
    self.tables = tables
    self.pages = pages
    (slots, counts, count, start) = (nil, nil, 0, 0)
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
    (count, start) = (0, 0)
  }

  /// What a token attends to, and where it stands itself.
  func of(_ token: Int) -> (table: UnsafePointer<UInt32>, count: Int, position: Int) {
    guard let rows else { return (tables, count, start &+ token) }
    let row = rows[token]
    let slot = Int(truncatingIfNeeded: row.slot)
    let position = Int(truncatingIfNeeded: row.position)
    guard let slots, let counts else { return (tables + slot &* pages, position &+ 1, position) }
    let source = slots[slot].source
    return (tables + source &* pages, counts[source], position)
  }
}
