import Foundation

/// A generator that gives the same numbers for the same seed (SplitMix64, Steele, Lea and Flood, 2014).
package struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  /// A generator for a test: its seed is `seed`, or that of the environment (`SWIFTLET_SEED=… swift test`), and is
  /// printed.
  package init(_ seed: UInt64, test: String) {
    let given = ProcessInfo.processInfo.environment["SWIFTLET_SEED"].flatMap { UInt64($0) }
    state = given ?? seed
    print("\(test): SWIFTLET_SEED=\(state)")
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
