import SwiftletFamilies
import SwiftletModelFile

/// Weights of a matrix from a seeded generator: uniform, within Glorot and Bengio's limit (2010), so that activations
/// neither vanish nor explode.
///
/// Any row can be made without those before it: a matrix is never in memory as a whole.
struct SyntheticWeights: RowSource {
  let rowCount: Int
  /// The seed and the name decide about all numbers.
  let identity: String?
  private let columns: Int
  private let limit: Float
  private let hasBias: Bool
  private let seed: UInt64

  /// The weights of `tensor`, the same for the same seed.
  init(_ tensor: Tensor, seed: UInt64) {
    rowCount = tensor.rows
    columns = tensor.columns
    let name = tensor.name
    let place = UInt64(name.stack.rawValue) << 32 | UInt64(name.layer) << 16 | UInt64(name.part.rawValue)
    self.seed = Uniform.mixed(seed ^ Uniform.mixed(place))
    identity = "synthetic \(self.seed)"
    switch name.part {
    case .sourceEmbedding, .targetEmbedding, .output:
      limit = (3 / Float(columns)).squareRoot()  // A variance of 1 / width.
      hasBias = false
    default:
      // Projections one above the other are matrices of their own.
      let matrices = name.part == .selfQueryKeyValue ? 3 : name.part == .crossKeyValue ? 2 : 1
      limit = (6 / Float(columns + rowCount / matrices)).squareRoot()
      hasBias = true
    }
  }

  func floats(rows: Range<Int>) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(rows.count * columns)
    for row in rows { append(columns, seed: seed &+ UInt64(row), limit, to: &result) }
    return result
  }

  /// The bias, where there is one: numbers of their own.
  var bias: ComputedRows? {
    guard hasBias else { return nil }
    var result: [Float] = []
    append(rowCount, seed: ~seed, 1 / Float(columns).squareRoot(), to: &result)
    return ComputedRows(result, length: 1)
  }

  func release() {}

  private func append(_ count: Int, seed: UInt64, _ limit: Float, to values: inout [Float]) {
    var uniform = Uniform(seed: Uniform.mixed(seed))
    for _ in 0..<count { values.append(limit * uniform.next()) }
  }
}

/// Pseudorandom numbers, the same on every machine (SplitMix64, Steele, Lea and Flood, 2014).
struct Uniform {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next number in −1 ..< 1: a multiple of 2⁻²³, so that nothing is rounded.
  mutating func next() -> Float {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Float(Int32(truncatingIfNeeded: Int64(bitPattern: Self.mixed(state)) >> 40)) * 0x1p-23
  }

  /// A number that depends on every bit of `value`.
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
