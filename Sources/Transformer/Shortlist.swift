import SwiftletArena
import SwiftletKernels
import SwiftletPlatform

/// The parts of an arena that a shortlist of the target's vocabulary takes.
public struct ShortlistLayout: Sendable {
  let tiles: PlannedBuffer<UInt32>
  let bits: PlannedBuffer<UInt32>

  /// Whether there is room for a shortlist.
  public var isPlanned: Bool { bits.count > 0 }

  /// Plans for a vocabulary; 0 where there is no shortlist.
  public init(vocabulary: Int, in plan: inout MemoryPlan) throws(ArenaError) {
    tiles = try plan.add(
      "shortlist tiles", UInt32.self, count: (vocabulary + 15) / 16, phases: .all, limit: .model)
    bits = try plan.add(
      "shortlist tokens", UInt32.self, count: (vocabulary + 31) / 32, phases: .all, limit: .model)
  }
}

/// The tokens that may be chosen, where these are not all: only their scores are computed.
///
/// Weights lie in tiles of 16 tokens, so a token costs what its tile does: neighbours are cheap.
public struct Shortlist: ~Copyable {
  private let tiles: ArenaBuffer<UInt32>
  private let bits: ArenaBuffer<UInt32>
  /// How many tokens may be chosen; without any, all may.
  public private(set) var count = 0

  /// An empty list.
  public init(_ layout: ShortlistLayout, in arena: borrowing Arena) {
    tiles = arena.buffer(layout.tiles)
    bits = arena.buffer(layout.bits)
  }

  /// Adds a token, which must be in the vocabulary.
  public mutating func add(_ token: Int) {
    let (word, bit) = unsafe (bits.pointer + token / 32, UInt32(1) << UInt32(token % 32))
    guard unsafe word.pointee & bit == 0 else { return }
    unsafe word.pointee |= bit
    count += 1
  }

  /// Empties the list.
  public mutating func clear() {
    for word in 0..<bits.count { unsafe bits.pointer[word] = 0 }
    count = 0
  }

  /// The list as a step takes it: the tiles with a token of it, in order.
  public mutating func view() -> ShortlistView? {
    guard count > 0 else { return nil }
    var tileCount = 0
    for tile in 0..<tiles.count where unsafe bits.pointer[tile / 2] >> UInt32(tile % 2 * 16) & 0xFFFF != 0 {
      unsafe tiles.pointer[tileCount] = UInt32(truncatingIfNeeded: tile)
      tileCount += 1
    }
    return unsafe ShortlistView(tiles: tiles.pointer, tileCount: tileCount, bits: bits.pointer)
  }
}

/// What a `Shortlist` lends: valid while it lives and does not change.
@safe public struct ShortlistView: BitwiseCopyable {
  let tiles: UnsafePointer<UInt32>
  let tileCount: Int
  let bits: UnsafePointer<UInt32>

  /// What a product computes of the output's rows.
  var listed: ListedTiles { unsafe ListedTiles(list: tiles, count: tileCount) }

  /// Moves the scores of the tiles to their tokens' places, and masks all other tokens: `count` with the padding.
  func spread(_ logits: UnsafeMutablePointer<Float>, count: Int) {
    var end = count
    var place = tileCount
    // A tile's place is never behind its tokens, so from the last one on nothing is overwritten that is needed.
    while place > 0 {
      place -= 1
      let tile = unsafe Int(truncatingIfNeeded: tiles[place])
      let first = 16 * tile
      for token in first + 16..<max(end, first + 16) { unsafe logits[token] = -Float.greatestFiniteMagnitude }
      let allowed = unsafe bits[tile / 2] >> UInt32(tile % 2 * 16)
      for lane in stride(from: 15, through: 0, by: -1) {
        let score = unsafe logits[16 * place + lane]
        unsafe logits[first + lane] =
          allowed >> UInt32(lane) & 1 == 1 ? score : -Float.greatestFiniteMagnitude
      }
      end = first
    }
    for token in 0..<end { unsafe logits[token] = -Float.greatestFiniteMagnitude }
  }
}

extension Workspace {
  /// The scores of the vocabulary, or of its shortlist, for the rows to score: `[scoredCount][outputStride]`.
  mutating func scoreVocabulary(_ model: borrowing Model) {
    unsafe linear(
      model.output, states.pointer, count: scoredCount, into: logits.pointer, tiles: shortlist?.listed)
    guard let shortlist else { return }
    for row in 0..<scoredCount {
      unsafe shortlist.spread(
        logits.pointer + row * model.output.outputStride, count: model.output.paddedRows)
    }
  }
}
