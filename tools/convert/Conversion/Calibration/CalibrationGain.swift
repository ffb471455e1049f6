import Foundation

/// What calibration bought in the output of one matrix, or of several: energies over the text, of some rows.
public struct CalibrationGain: Sendable {
  private var signal = 0.0
  private var before = 0.0
  private var after = 0.0

  /// The output's signal-to-noise ratio by plain rounding, in dB: weights and activations together.
  public var decibelsBefore: Double { 10 * log10(signal / before) }
  /// The same with calibration.
  public var decibelsAfter: Double { 10 * log10(signal / after) }

  init(
    weights: [Float], plain: Rounding, _ rounding: Rounding, _ statistics: InputStatistics, _ map: InputMap,
    _ activations: ActivationError
  ) {
    let columns = statistics.columns
    let identity = InputMap(identity: columns)
    let form = QuadraticForm(statistics.moments(identity), columns: columns)
    let mapped = map == identity ? form : QuadraticForm(statistics.moments(map), columns: columns)
    let noise = activations.squares(statistics.samples, identity, columns: columns)
    let mappedNoise = activations.squares(statistics.samples, map, columns: columns)
    for start in stride(from: 0, to: weights.count, by: columns) {
      let row = Array(weights[start..<start + columns])
      signal += form(row)
      before += form(Self.error(row, plain)) + Self.weighted(noise, row)
      let adapted = rounding.adapted(row[...])
      after += mapped(Self.error(adapted, rounding)) + Self.weighted(mappedNoise, adapted)
    }
  }

  private init() {}

  /// Several matrices' together, each relative to its own signal.
  public static func mean(_ gains: [CalibrationGain]) -> CalibrationGain {
    gains.reduce(into: CalibrationGain()) {
      $0.signal += 1
      $0.before += $1.before / $1.signal
      $0.after += $1.after / $1.signal
    }
  }

  private static func error(_ row: [Float], _ rounding: Rounding) -> [Float] {
    let (scales, values) = rounding(row)
    return row.indices.map { row[$0] - Float(values[$0]) * scales[$0 / rounding.group] }
  }

  private static func weighted(_ noise: [Double], _ row: [Float]) -> Double {
    zip(noise, row).reduce(0) { $0 + $1.0 * Double($1.1) * Double($1.1) }
  }
}

/// v ↦ vᵀ H v for a symmetric H, of which the upper triangle is given.
private struct QuadraticForm {
  let columns: Int
  private let upper: [Float]

  init(_ moments: [Double], columns: Int) {
    self.columns = columns
    upper = moments.map { Float($0) }
  }

  func callAsFunction(_ v: [Float]) -> Double {
    var sum = 0.0
    unsafe v.withUnsafeBufferPointer { v in
      unsafe upper.withUnsafeBufferPointer { upper in
        for i in 0..<columns where unsafe v[i] != 0 {
          var products: Float = 0
          for j in i + 1..<columns { unsafe products += upper[i * columns + j] * v[j] }
          unsafe sum += Double(v[i]) * (Double(upper[i * columns + i]) * Double(v[i]) + 2 * Double(products))
        }
      }
    }
    return sum
  }
}
