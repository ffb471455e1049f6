import Foundation
import SwiftletModelFile
import SwiftletSources

extension HuggingFaceSource {
  /// The frequencies of rotary positions: θ and what `rope_scaling` (or `rope_parameters`) makes of them.
  mutating func rotaryFrequencies(theta missing: Double = 10_000) throws(SourceError) -> [Float] {
    var theta = try config.number("rope_theta", within: 1...1e12)
    var scaling: JSONObject?
    for key in ["rope_parameters", "rope_scaling"] {
      switch config.value(key) {
      case nil: continue
      case .object(let object): scaling = object
      case let value?: throw config.error(.kind(key: key, value: value.excerpt, expected: "an object"))
      }
      guard let value = scaling?["rope_theta"] else { continue }
      guard let number = value.double, (1...1e12).contains(number) else {
        throw config.error(
          .unsupported(key: "\(key).rope_theta", value: value.excerpt, supported: "1.0 to 1000000000000.0"))
      }
      theta = number
    }
    let plain = Frequencies.rotary(width: architecture.rotaryWidth, theta: theta ?? missing)
    guard let scaling else { return plain.map { Float($0) } }
    return try scaled(plain, scaling)
  }

  private func scaled(_ plain: [Double], _ scaling: JSONObject) throws(SourceError) -> [Float] {
    func number(_ key: String) throws(SourceError) -> Double {
      guard let value = scaling[key]?.double, value > 0, value.isFinite else {
        throw config.error(
          .kind(
            key: "rope_scaling.\(key)", value: scaling[key]?.excerpt ?? "null", expected: "a positive number")
        )
      }
      return value
    }
    switch scaling["rope_type"] ?? scaling["type"] ?? .string("default") {
    case .string("default"): return plain.map { Float($0) }
    case .string("linear"):
      let factor = try number("factor")
      return plain.map { Float($0 / factor) }
    case .string("llama3"):
      let factors = (low: try number("low_freq_factor"), high: try number("high_freq_factor"))
      let (factor, length) = (try number("factor"), try number("original_max_position_embeddings"))
      return plain.map { Float(Self.llama3($0, factor, factors, length)) }
    case let type:
      throw config.error(
        .unsupported(
          key: "rope_type", value: type.excerpt, supported: "\"default\", \"linear\", \"llama3\""))
    }
  }

  /// Llama 3.1: long waves are stretched by `factor`, short ones stay, those between are blended.
  private static func llama3(
    _ frequency: Double, _ factor: Double, _ factors: (low: Double, high: Double), _ length: Double
  ) -> Double {
    let wave = 2 * Double.pi / frequency
    if wave > length / factors.low { return frequency / factor }
    if wave < length / factors.high { return frequency }
    let smooth = (length / wave - factors.low) / (factors.high - factors.low)
    return (1 - smooth) * frequency / factor + smooth * frequency
  }
}

extension StrictJSON {
  /// The value as a number, whole or not.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
