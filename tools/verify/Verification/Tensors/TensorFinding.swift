import Foundation
import SwiftletModelFile

/// What int8 made of one tensor, or of one part of a tensor that holds several projections.
public struct TensorFinding: Codable, Sendable {
  /// The runtime's name: `decoder.2.cross-query`.
  public let name: String
  /// Which projection of the tensor, where it holds several: query, key, value, gate, up.
  public let part: String?
  /// The shape.
  public let rows: Int
  /// The shape.
  public let columns: Int
  /// Signal to noise of the weights as they are in the file, in dB.
  public let weightDecibels: Double
  /// The same that rounding to int8 may cost: noise of scale² / 12 for each weight. Nil for float32.
  public let roundingDecibels: Double?
  /// Signal to noise of the outputs W x, x the float model's activations on the text; of the weights where the tensor
  /// is no projection.
  public let outputDecibels: Double
  /// The cosine of all those outputs, as one vector.
  public let outputCosine: Double
  /// The least-squares gain of the outputs: 1 unless the tensor is too large or too small.
  public let gain: Double
  /// The standard error of `gain` where weights are rounded without bias.
  public let gainError: Double
  /// The energy of the outputs' error, divided by what rounding makes it.
  public let noiseRatio: Double
  /// The standard error of `noiseRatio`, at most.
  public let noiseRatioError: Double
  /// Rows whose own gain is off by 0.002 and by eight standard errors.
  public let rowsOff: Int
  /// The worst of those, and its gain.
  public let worstRow: Int?
  /// Its gain.
  public let worstRowGain: Double?
  /// Rows whose bias is not the reference's, less what the inputs' shifts give.
  public let biasesOff: Int
  /// The worst of those.
  public let worstBias: Bias?
  /// Whether channels were rescaled against the tensor before or behind it. What those scales cancel is no error.
  public let isRescaled: Bool
  /// The smallest and the largest weight.
  public let weights: ValueRange
  /// The inputs on the text, where it is a projection.
  public let inputs: ValueRange?

  /// A row's bias.
  public struct Bias: Codable, Sendable {
    /// The row.
    public let row: Int
    /// As the file has it, without the factors of channels.
    public let value: Double
    /// What it should be.
    public let expected: Double
  }

  /// The name with the part.
  public var title: String { part.map { "\(name), \($0)" } ?? name }

  /// How far the gain may be from 1: `limit`, or what chance explains.
  public func allowedGainError(_ limit: Double) -> Double { max(limit, 8 * gainError, 1e-6) }
  /// How large the noise may be, in dB over rounding: `limit`, or what chance explains.
  public func allowedExcess(_ limit: Double) -> Double { max(limit, 10 * log10(1 + 8 * noiseRatioError)) }
  /// Whether the gain is further from 1 than allowed, or no number.
  func hasWrongGain(_ limits: VerdictLimits) -> Bool { !(abs(gain - 1) <= allowedGainError(limits.gain)) }
  /// Whether the noise is larger than allowed, or no number.
  func hasWrongError(_ limits: VerdictLimits) -> Bool { !(excess <= allowedExcess(limits.excess)) }
  /// Whether anything of it fails a verdict.
  public func fails(_ limits: VerdictLimits) -> Bool {
    hasWrongGain(limits) || hasWrongError(limits) || rowsOff > 0 || biasesOff > 0
  }
  /// The outputs' error in dB over what rounding makes it.
  public var excess: Double { noiseRatio > 0 ? 10 * log10(noiseRatio) : -.infinity }
}

/// How far numbers reach.
public struct ValueRange: Codable, Sendable {
  /// The smallest.
  public let least: Double
  /// The largest.
  public let most: Double
  /// The magnitude that 99.9 % of them don't exceed.
  public let usual: Double

  init(_ values: [Float]) {
    least = Double(values.min() ?? 0)
    most = Double(values.max() ?? 0)
    let magnitudes = values.map { abs($0) }.sorted()
    usual = Double(magnitudes.isEmpty ? 0 : magnitudes[(magnitudes.count - 1) * 999 / 1000])
  }
}
