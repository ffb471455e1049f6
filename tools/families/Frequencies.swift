import Foundation
import SwiftletModelFile
import SwiftletSources

/// Frequencies of positions.
enum Frequencies {
  /// 10000^(−2i / width), ⌈width / 2⌉ of them: the paper's, and transformers' `MarianSinusoidalPositionalEmbedding`.
  static func paper(width: Int) -> [Float] { Sinusoids.frequencies(width: width) }

  /// 10000^(−i / (width / 2 − 1)), width / 2 of them: fairseq's and OpenNMT's. The last one is 1 / 10000.
  static func fairseq(width: Int) -> [Float] {
    let half = width / 2
    return (0..<half).map { Float(exp(-Double($0) * log(10_000) / Double(max(1, half - 1)))) }
  }

  /// θ^(−2i / width), width / 2 of them: those of rotary positions.
  static func rotary(width: Int, theta: Double) -> [Double] {
    (0..<width / 2).map { pow(theta, -2 * Double($0) / Double(width)) }
  }
}
