import SwiftletArena
import SwiftletKernels
import SwiftletThreads

/// The parts of an arena that hold keys and values of some layers.
struct KeyValueLayout: Sendable {
  let keys: PlannedBuffer<Int8>
  let values: PlannedBuffer<Int8>
  let factors: PlannedBuffer<Float>
  let layers: Int
  let heads: Int
  let width: Int
  let capacity: Int

  /// Plans `slots` × `layers` × `heads` caches for `tokens` tokens each; see `HeadCache` for the layout of one.
  init(
    _ names: (keys: StaticString, values: StaticString, factors: StaticString), slots: Int, layers: Int,
    heads: Int, width: Int, tokens: Int, phases: Phases, limit: MemoryLimit, in plan: inout MemoryPlan
  ) throws(ArenaError) {
    capacity = roundUp(tokens, to: laneCount)
    self.layers = layers
    self.heads = heads
    self.width = width
    // Layers, heads and slots have limits whose product is far from overflowing.
    let caches = slots * layers * heads
    keys = try plan.add(
      names.keys, Int8.self, count: caches * width, times: capacity, phases: phases, limit: limit)
    values = try plan.add(
      names.values, Int8.self, count: caches * roundUp(width, to: laneCount), times: capacity, phases: phases,
      limit: limit)
    factors = try plan.add(
      names.factors, Float.self, count: caches * 4, times: capacity, phases: phases, limit: limit)
  }
}

/// Keys and values as int8, for every slot, layer and head, with a scale and a middle for each token.
struct KeyValueCache: ~Copyable {
  private let keys: ArenaBuffer<Int8>
  private let values: ArenaBuffer<Int8>
  private let factors: ArenaBuffer<Float>
  private let layout: KeyValueLayout

  init(_ layout: KeyValueLayout, in arena: borrowing Arena) {
    keys = arena.buffer(layout.keys)
    values = arena.buffer(layout.values)
    factors = arena.buffer(layout.factors)
    self.layout = layout
  }

  /// The caches, for work that threads share.
  var view: KeyValueView {
    KeyValueView(
      keys: keys.pointer, values: values.pointer, factors: factors.pointer, layers: layout.layers,
      heads: layout.heads, width: layout.width, capacity: layout.capacity)
  }
}

/// Caches of all slots, layers and heads: what `KeyValueCache` lends.
struct KeyValueView: BitwiseCopyable {
  let keys: UnsafeMutablePointer<Int8>
  let values: UnsafeMutablePointer<Int8>
  let factors: UnsafeMutablePointer<Float>
  let layers: Int
  let heads: Int
  let width: Int
  let capacity: Int

  /// The cache of one head.
  func head(_ head: Int, layer: Int, slot: Int) -> HeadCache {
    let place = (slot * layers + layer) * heads + head
    return HeadCache(
      width: width, keys: keys + place * width * capacity,
      values: values + place * roundUp(width, to: laneCount) * capacity,
      factors: factors + place * 4 * capacity, capacity: capacity)
  }

  /// Quantises one token's keys and values of all heads: `heads · width` floats each.
  func remember(
    keys: UnsafePointer<Float>, values: UnsafePointer<Float>, token: Int, layer: Int, slot: Int,
    _ kernels: borrowing KernelSet
  ) {
    for index in 0..<heads {
      kernels.remember(
        keys + index * width, values + index * width, token, head(index, layer: layer, slot: slot))
    }
  }
}

/// Tokens of one source whose keys and values are quantised into a cache: each thread takes some.
struct Remembering: SizedWork {
  let kernels: UnsafePointer<KernelSet>
  let cache: KeyValueView
  let layer: Int
  let slot: Int
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
      let keys = keys + token * stride
      cache.remember(
        keys: keys, values: keys + cache.heads * cache.width, token: start + token, layer: layer, slot: slot,
        kernels.pointee)
    }
  }

  static var entry: SharedEntry { { $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
