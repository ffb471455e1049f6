import SwiftletPlatform

/// PCG32 (XSH-RR 64/32, M. E. O'Neill 2014, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
/// for Random Number Generation"): 64 bits of state, 2⁶³ streams, the same numbers on every processor.
public struct PCG32: Sendable, BitwiseCopyable {
  private var state: UInt64
  private let increment: UInt64

  /// Stream number `stream` from `seed`, as the author's `pcg32_srandom`.
  public init(seed: UInt64, stream: UInt64) {
    increment = stream &<< 1 | 1
    state = 0
    _ = next()
    state &+= seed
    _ = next()
  }

  /// The next 32 bits.
  public mutating func next() -> UInt32 {
    let old = state
    state = old &* 6_364_136_223_846_793_005 &+ increment
    let shifted = UInt32(truncatingIfNeeded: (old &>> 18 ^ old) &>> 27)
    let turn = UInt32(truncatingIfNeeded: old &>> 59)
    return shifted &>> turn | shifted &<< (0 &- turn & 31)
  }

  /// A number from 0 up to, but not with, 1: 53 bits of two draws, the first of which are the upper ones.
  mutating func nextFraction() -> Double {
    let high = Int(truncatingIfNeeded: next() &>> 5)
    let low = Int(truncatingIfNeeded: next() &>> 6)
    // Both fit a double's 53 bits together: nothing is rounded.
    return (Double(high) * 0x1p26 + Double(low)) * 0x1p-53
  }
}
