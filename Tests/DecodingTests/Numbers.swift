import Foundation

/// eˣ.
func exponentialOf(_ x: Double) -> Double { exp(x) }
/// ln x.
func logarithm(_ x: Double) -> Double { log(x) }

/// log-softmax in Double.
func logSoftmax(_ x: [Float]) -> [Double] {
  let largest = Double(x.max() ?? 0)
  let sum = x.reduce(0) { $0 + exp(Double($1) - largest) }
  return x.map { Double($0) - largest - log(sum) }
}

/// Numbers that are a function of a source and a history: the same in any order of asking.
func pseudorandomLogits(_ seed: UInt64, vocabulary: Int, _ source: Int, _ history: [UInt32]) -> [Float] {
  var state = seed &+ UInt64(source) &* 0x9E37_79B9_7F4A_7C15
  for token in history { state = mix(state &+ UInt64(token) &+ 1) }
  return (0..<vocabulary).map { token in
    Float(mix(state &+ UInt64(token) &* 0xD1B5_4A32_D192_ED03) >> 40) / 0x1p21 - 4
  }
}

private func mix(_ x: UInt64) -> UInt64 {
  var z = x &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
  return z ^ z >> 31
}
