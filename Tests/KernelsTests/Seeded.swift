import Foundation

/// A generator that gives the same numbers for the same seed (SplitMix64, Steele, Lea and Flood, 2014).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

/// A seed for this run, printed so that a failure can be run again: `SWIFTLET_SEED=… swift test`.
func freshSeed(_ test: String = #function) -> UInt64 {
  let given = ProcessInfo.processInfo.environment["SWIFTLET_SEED"].flatMap { UInt64($0) }
  let seed = given ?? UInt64.random(in: 0...UInt64.max)
  print("\(test): SWIFTLET_SEED=\(seed)")
  return seed
}
