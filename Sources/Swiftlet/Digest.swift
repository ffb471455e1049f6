import SwiftletModelFile

/// The checksum that must be the same on every processor: over tokens and the bits of their log-probabilities.
public struct Digest: Sendable {
  private var hash = XXH64()

  /// The digest of no output yet.
  public init() {}

  /// Takes the output of one sentence: the count of tokens, then each token and its log-probability.
  ///
  /// Every NaN counts as one: processors differ in the bits that they give it.
  @inline(never)
  public mutating func update(_ ids: Span<UInt32>, _ logProbabilities: Span<Float>) {
    hash.update(UInt32(truncatingIfNeeded: ids.count))
    for index in 0..<ids.count {
      hash.update(ids[index])
      update(logProbabilities[index])
    }
  }

  /// Takes a vector, or scores: their count, then the bits of each.
  @inline(never)
  public mutating func update(_ values: Span<Float>) {
    hash.update(UInt32(truncatingIfNeeded: values.count))
    for index in 0..<values.count { update(values[index]) }
  }

  private mutating func update(_ value: Float) {
    hash.update(value == value ? value.bitPattern : 0x7FC0_0000)
  }

  /// The digest.
  public var value: UInt64 { hash.value }
}
