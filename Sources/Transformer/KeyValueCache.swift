import SwiftletArena
import SwiftletKernels
import SwiftletPlatform
import SwiftletThreads

/// The part of an arena that holds keys and values of some layers.
struct KeyValueLayout: Sendable {
  let bytes: PlannedBuffer<Int8>
  let layers: Int
  let heads: Int
  let width: Int

  /// Plans `pages` pages of 16 tokens: `[pages][layers][heads]` parts; see `HeadCache` for the layout of one.
  init(
    _ name: StaticText, pages: Int, layers: Int, heads: Int, width: Int, phases: Phases, limit: MemoryLimit,
    in plan: inout MemoryPlan
  ) throws(ArenaError) {
    self.layers = layers
    self.heads = heads
    self.width = width
    // Layers, heads and a head's width have limits whose product is far from overflowing.
    bytes = try plan.add(
      name, Int8.self, count: pages, times: layers * heads * HeadCache.partBytes(width: width),
      phases: phases, limit: limit)
  }
}

/// How many pages hold `tokens` tokens.
func pageCount(tokens: Int) -> Int { (tokens + tokensPerPage - 1) / tokensPerPage }

/// Keys and values as int8, for every layer and head, in pages of 16 tokens.
struct KeyValueCache: ~Copyable {
  private let bytes: ArenaBuffer<Int8>
  private let layout: KeyValueLayout

  init(_ layout: KeyValueLayout, in arena: borrowing Arena) {
    bytes = arena.buffer(layout.bytes)
    self.layout = layout
  }

  /// The cache, for work that threads share.
  var view: KeyValueView {
    unsafe KeyValueView(
      start: UnsafeMutableRawPointer(bytes.pointer), layers: layout.layers, heads: layout.heads,
      width: layout.width)
  }
}

/// Keys and values of all layers and heads: what `KeyValueCache` lends.
@safe struct KeyValueView: BitwiseCopyable {
  let start: UnsafeMutableRawPointer
  let layers: Int
  let heads: Int
  let width: Int

  /// The bytes from one page to the next: a page's number is the same in every layer and head.
  var pageStride: Int { layers &* heads &* HeadCache.partBytes(width: width) }

  /// The cache of one head whose pages `table` lists.
  func head(_ head: Int, layer: Int, table: UnsafePointer<UInt32>) -> HeadCache {
    let part = (layer &* heads &+ head) &* HeadCache.partBytes(width: width)
    return unsafe HeadCache(width: width, start: start + part, stride: pageStride, table: table)
  }

  /// Quantises one token's keys and values of all heads: `heads · width` floats each.
  func remember(
    keys: UnsafePointer<Float>, values: UnsafePointer<Float>, token: Int, layer: Int,
    table: UnsafePointer<UInt32>, _ kernels: borrowing KernelSet
  ) {
    for index in 0..<heads {
      unsafe kernels.remember(
        keys + index * width, values + index * width, token, head(index, layer: layer, table: table))
    }
  }

  /// Copies a page of all layers and heads.
  func copy(page: Int, to other: Int) {
    unsafe (start + other * pageStride).copyMemory(from: start + page * pageStride, byteCount: pageStride)
  }
}

/// Tokens of one source whose keys and values are quantised into a cache: each thread takes some.
@safe struct Remembering: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let cache: KeyValueView
  let layer: Int
  /// The pages of the source.
  let table: UnsafePointer<UInt32>
  /// The first token's keys, heads side by side, its values after them.
  let keys: UnsafePointer<Float>
  /// The floats from one token's keys to the next's.
  let stride: Int
  /// The first token's position.
  let start: Int
  let count: Int

  // Quantising takes several times as long as reading.
  var size: Int { 32 &* count &* cache.heads &* cache.width }

  func run(_ share: Share) {
    for token in share.range(of: count) {
      let keys = unsafe keys + token * stride
      unsafe cache.remember(
        keys: keys, values: keys + cache.heads * cache.width, token: start + token, layer: layer,
        table: table, kernels.pointee)
    }
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
