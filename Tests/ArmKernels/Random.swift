/// Numbers that are the same for the same seed (SplitMix64, Steele, Lea and Flood, 2014).
struct Random {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt32 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return UInt32(truncatingIfNeeded: (z ^ z >> 31) >> 32)
  }

  /// A number below `limit`, at most 32768.
  mutating func number(below limit: Int) -> Int {
    (Int(truncatingIfNeeded: next() >> 16) &* limit) >> 16
  }

  /// Whether something of a chance of one in `count` happens.
  mutating func happens(oneIn count: Int) -> Bool { number(below: count) == 0 }

  /// A float from −`reach` to `reach`.
  mutating func float(_ reach: Float) -> Float {
    (Float(Int(truncatingIfNeeded: next() >> 8)) - 0x1p23) * (reach * 0x1p-23)
  }
}
