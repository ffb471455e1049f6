import SwiftletArena
import SwiftletKernels
import SwiftletThreads

/// Attention of all heads for some tokens, each over the tokens in its cache ("Attention Is All You Need", section
/// 3.2.2): the output is the heads' results side by side. The output projection follows elsewhere, for many tokens at
/// once. With fewer heads of keys and values each of them serves several neighbouring heads of queries.
@safe struct MultiHeadAttention: SizedWork {
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
  /// Scratch for each thread: `scratchPerThread` floats, laid out as `AttentionScratch` says.
  let scratch: UnsafeMutablePointer<Float>
  let scratchPerThread: Int
  /// The heads' results, `heads · width` floats a token.
  let output: UnsafeMutablePointer<Float>

  /// About what the longest token's caches hold: keys are multiplied as floats, which takes longer than reading them.
  var size: Int { unsafe 8 &* count &* heads &* cache.width &* keys.of(0).count }

  func run(_ share: Share) {
    // Blocks of tokens, and heads, heads innermost.
    let blocks = (count + AttendingQueries.most - 1) / AttendingQueries.most
    for item in share.range(of: blocks * heads) {
      let start = item / heads * AttendingQueries.most
      attend(head: item % heads, start..<min(start + AttendingQueries.most, count), share.index)
    }
  }

  /// A head's attention of neighbouring tokens: together as far as they attend to the same sequence.
  private func attend(head: Int, _ tokens: Range<Int>, _ thread: Int) {
    let scratch = unsafe scratch + thread * scratchPerThread
    let start = head * cache.width
    let queriesPerKey = heads / cache.heads
    var first = tokens.lowerBound
    while first < tokens.upperBound {
      let (table, end, position) = unsafe keys.of(first)
      let next = keys.endOfRun(from: first, before: tokens.upperBound)
      let rows = unsafe AttendingQueries(
        queries + (first * stride + start), stride: stride, count: next - first,
        into: output + (first * heads * cache.width + start), outputStride: heads * cache.width)
      unsafe scaledDotProductAttention(
        rows, cache.head(head / queriesPerKey, layer: layer, table: table),
        terms.keys(end: end, position: position, head: head, isCausal: keys.isCausal), scratch)
      first = next
    }
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// What the distance from a query to a key changes.
@safe struct DistanceTerms: BitwiseCopyable {
  /// How many tokens, itself included, a token attends to; 0 for all.
  var window = 0
  /// For each head the biases of the distances −`distance` … `distance`; nil for none.
  var biases: UnsafePointer<Float>?
  /// The largest distance with a bias of its own.
  var distance = 0

  /// The keys before `end` that a query at `position` attends to, and those after it.
  func keys(end: Int, position: Int, head: Int, isCausal: Bool) -> AttendedKeys {
    unsafe AttendedKeys(
      end: end, isCausal: isCausal, window: window,
      biases: biases.map { unsafe $0 + (head &* (2 &* distance &+ 1) &+ distance) }, distance: distance,
      position: position)
  }
}

/// The keys and values that tokens attend to: the pages of each token's own sequence or source, and how many tokens of
/// them.
@safe struct KeySource: BitwiseCopyable {
  private let rows: UnsafePointer<StepRow>?
  private let slots: UnsafePointer<SlotState>?
  private let tables: UnsafePointer<UInt32>
  private let pages: Int
  private let counts: UnsafePointer<Int>?
  private let count: Int
  private let start: Int

  /// All tokens, which stand at `start` and after, attend to the first `count` in the pages of one table.
  init(count: Int, table: UnsafePointer<UInt32>, start: Int) {
    unsafe (rows, slots, counts, pages) = (nil, nil, nil, 0)
    unsafe tables = table
    self.count = count
    self.start = start
  }

  /// Each row attends to its own sequence, up to and with itself; the tables are one a slot, of `pages` pages.
  init(rows: UnsafePointer<StepRow>, tables: UnsafePointer<UInt32>, pages: Int) {
    unsafe self.rows = rows
    unsafe self.tables = tables
    self.pages = pages
    unsafe (slots, counts, count, start) = (nil, nil, 0, 0)
  }

  /// Each row attends to the source of its sequence; the tables are one a source, of `pages` pages.
  init(
    rows: UnsafePointer<StepRow>, slots: UnsafePointer<SlotState>, counts: UnsafePointer<Int>,
    tables: UnsafePointer<UInt32>, pages: Int
  ) {
    unsafe self.rows = rows
    unsafe self.slots = slots
    unsafe self.counts = counts
    unsafe self.tables = tables
    self.pages = pages
    (count, start) = (0, 0)
  }

  /// Whether each token attends to those before it and itself.
  var isCausal: Bool { unsafe rows != nil && slots == nil }

  /// Where the tokens end that attend to the same sequence as `first`, one after the other in it.
  func endOfRun(from first: Int, before end: Int) -> Int {
    let (table, _, position) = unsafe of(first)
    var next = first &+ 1
    while next < end {
      let other = unsafe of(next)
      guard unsafe other.table == table, unsafe !isCausal || other.position == position &+ next &- first
      else { break }
      next &+= 1
    }
    return next
  }

  /// What a token attends to, and where it stands itself.
  func of(_ token: Int) -> (table: UnsafePointer<UInt32>, count: Int, position: Int) {
    guard let rows = unsafe rows else { return unsafe (tables, count, start &+ token) }
    let row = unsafe rows[token]
    let slot = Int(truncatingIfNeeded: row.slot)
    let position = Int(truncatingIfNeeded: row.position)
    guard let slots = unsafe slots, let counts = unsafe counts else {
      return unsafe (tables + slot &* pages, position &+ 1, position)
    }
    let source = unsafe slots[slot].source
    return unsafe (tables + source &* pages, counts[source], position)
  }
}
