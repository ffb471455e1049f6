import Foundation

/// How near a signal is to its reference, over many vectors.
public struct Similarity: Codable, Equatable, Sendable {
  private var signal = 0.0
  private var noise = 0.0
  private var cosines = 0.0
  private var vectors = 0

  /// No vectors yet.
  public init() {}

  /// Adds a vector.
  public mutating func add(_ reference: some Collection<Float>, _ value: some Collection<Float>) {
    var (dot, square, other) = (0.0, 0.0, 0.0)
    for (a, b) in zip(reference, value) {
      let (x, y) = (Double(a), Double(b))
      dot += x * y
      square += x * x
      other += y * y
      noise += (x - y) * (x - y)
    }
    signal += square
    let length = (square * other).squareRoot()
    cosines += length > 0 ? dot / length : 1
    vectors += 1
  }

  /// Signal to quantisation noise in dB: 10 log₁₀ (Σ x² / Σ (x − x̂)²).
  public var decibels: Double { noise == 0 ? .infinity : 10 * log10(signal / noise) }
  /// The mean cosine similarity of the vectors.
  public var cosine: Double { cosines / Double(vectors) }
}
