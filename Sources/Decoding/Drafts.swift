import SwiftletArena
import SwiftletPlatform

/// The part of an arena that remembers what tokens followed what.
struct DraftsLayout: Sendable {
  let entries: PlannedBuffer<DraftEntry>
  let most: Int

  /// Plans guesses of up to `most` tokens; nothing for none.
  init(most: Int, in plan: inout MemoryPlan) throws(ArenaError) {
    self.most = most
    // Kept from one target to the next, and empty at first.
    entries = try plan.add(
      "what tokens follow", DraftEntry.self, count: most > 0 ? Drafts.capacity : 0, phases: .all,
      limit: .model)
  }
}

/// The token that followed a context most often.
struct DraftEntry: BitwiseCopyable {
  var token: UInt32
  /// What tells its context from others of the same place.
  var check: UInt16
  /// How often the token followed.
  var hits: UInt8
  /// How often the context was there; 0 where the place is free.
  var trials: UInt8

  /// The part of the times that its context was there, and once more, that the token followed.
  var reliability: Float { Float(Int(hits)) / Float(Int(trials) + 1) }
}

/// What a guess is made from.
struct DraftContext {
  /// The tokens before it, the last first.
  private(set) var last: (UInt32, UInt32, UInt32)
  /// How many tokens its target has.
  private(set) var position: Int

  init(_ last: (UInt32, UInt32, UInt32), position: Int) {
    self.last = last
    self.position = position
  }

  /// Goes on by a token.
  mutating func append(_ token: UInt32) {
    last = (token, last.0, last.1)
    position += 1
  }
}

/// Guesses the next tokens from what was decoded before, so that the model can read several at once: it says itself
/// which of them are right ("Fast Inference from Transformers via Speculative Decoding", Leviathan et al. 2023, with a table
/// in place of the small model).
///
/// A context is the last token with the one before it, with the two before it where there is no source, or with one of the
/// source's tokens; or the last token alone. Of all contexts that were seen, the most reliable tells the guess. Longer ones
/// are remembered only where the guess was wrong, and of the source only tokens at about the same place (as branch predictors
/// of several history lengths do: Seznec and Michaud 2006).
struct Drafts: ~Copyable {
  /// How many contexts are remembered: 32 KB.
  static var capacity: Int { 4096 }

  private let entries: ArenaBuffer<DraftEntry>
  /// The most tokens that are guessed at once.
  let most: Int

  init(_ layout: DraftsLayout, in arena: borrowing Arena) {
    entries = arena.buffer(layout.entries)
    most = layout.most
  }

  /// Forgets all.
  mutating func clear() {
    for index in 0..<entries.count { unsafe entries.pointer[index].trials = 0 }
  }

  /// The token that most likely comes next, and how reliable that is; nil if nothing is known.
  ///
  /// - Parameter source: The source's tokens without the one that ends it; none where there is no source.
  /// - Complexity: O(source).
  func guess(after context: DraftContext, source: Span<UInt32>) -> DraftEntry? {
    var best: DraftEntry?
    Self.forEachKey(context, source) { key, _ in
      guard let entry = entry(key) else { return }
      if let best, entry.reliability <= best.reliability { return }
      best = entry
    }
    return best
  }

  /// Remembers that a token came.
  ///
  /// - Complexity: O(source).
  mutating func learn(_ token: UInt32, after context: DraftContext, source: Span<UInt32>) {
    let wasRight = guess(after: context, source: source)?.token == token
    Self.forEachKey(context, source) { key, kind in
      let place = unsafe entries.pointer + Self.place(key)
      if entry(key) != nil {
        unsafe place.pointee.count(token)
      } else if kind == .lastToken || (kind == .near && !wasRight) {
        unsafe place.pointee.makeRoom(for: token, check: Self.check(key))
      }
    }
  }

  /// What is remembered of a context.
  private func entry(_ key: UInt32) -> DraftEntry? {
    let entry = unsafe entries.pointer[Self.place(key)]
    return entry.trials > 0 && entry.check == Self.check(key) ? entry : nil
  }

  private enum Kind { case lastToken, near, far }

  /// Calls `body` with all contexts' keys.
  @inline(never)
  private static func forEachKey(
    _ context: DraftContext, _ source: Span<UInt32>, _ body: (_ key: UInt32, _ kind: Kind) -> Void
  ) {
    let (last, second, third) = context.last
    body(key(last, 1 << 28), .lastToken)
    body(key(last, 2 << 28 | second), .near)
    if source.isEmpty { body(key(last, 3 << 28 | (second &* 0x9E37_79B1 ^ third) >> 4), .near) }
    for place in 0..<source.count {
      body(key(last, 4 << 28 | source[place]), abs(place - context.position) <= 1 ? .near : .far)
    }
  }

  /// Mixes two numbers (as the finaliser of MurmurHash3 does).
  private static func key(_ a: UInt32, _ b: UInt32) -> UInt32 {
    var x = a &* 0x9E37_79B1 ^ (b &+ 0x7F4A_7C15) &* 0x85EB_CA6B
    x ^= x >> 15
    x = x &* 0x2C1B_3C6D
    return x ^ x >> 13
  }

  private static func place(_ key: UInt32) -> Int { Int(truncatingIfNeeded: key) & (capacity - 1) }

  private static func check(_ key: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: key >> 16) }
}

extension DraftEntry {
  /// Counts that `token` came after the context: what comes more often than not takes the place of what did.
  fileprivate mutating func count(_ token: UInt32) {
    if trials == .max { (hits, trials) = (hits / 2, trials / 2) }
    trials += 1
    if self.token == token {
      hits += 1
    } else if 2 * Int(hits) < Int(trials) {
      (self.token, hits, trials) = (token, 1, 2)
    }
  }

  /// Takes the place for a new context if what is there was seen but once or is seldom right; else that is nearer to it.
  fileprivate mutating func makeRoom(for token: UInt32, check: UInt16) {
    if trials <= 1 || 3 * Int(hits) < Int(trials) {
      self = DraftEntry(token: token, check: check, hits: 1, trials: 1)
    } else {
      trials -= 1
      hits = min(hits, trials)
    }
  }
}
