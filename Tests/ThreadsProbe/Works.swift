import SwiftletThreads

/// Each thread counts its rounds, on a cache line of its own.
@safe struct Counting: SharedWork {
  private let counts: UnsafeMutablePointer<Int>

  init() {
    unsafe counts = .allocate(capacity: 8 * ThreadPoolLayout.maximumThreads)
    unsafe counts.initialize(repeating: 0, count: 8 * ThreadPoolLayout.maximumThreads)
  }

  /// The rounds of all threads together.
  func count(_ threads: Int) -> Int { (0..<threads).reduce(0) { unsafe $0 + counts[8 * $1] } }

  func run(_ share: Share) { unsafe counts[8 * share.index] += 1 }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}

/// The workers call themselves until no stack is left.
struct Descending: SharedWork {
  let counting: Counting

  func run(_ share: Share) {
    if share.index > 0 { counting.run(Share(share.index, of: Self.descend(share.index))) }
  }

  @inline(never)
  private static func descend(_ depth: Int) -> Int {
    var frame = InlineArray<16, Int>(repeating: depth)
    frame[depth & 15] = depth < 1 << 40 ? descend(depth + 1) : 1
    return frame[(depth + 1) & 15] &+ frame[depth & 15]
  }

  static var entry: SharedEntry { { unsafe $0.load(as: Self.self).run(Share($1, of: $2)) } }
}
