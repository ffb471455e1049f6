/// Keys and values of one head as int8, with a scale and a middle for each token: x ≈ scale · q + middle, where the
/// middle is scale · zero point.
///
/// - Keys: `[capacity/16][width][16]` (tokens innermost: one vector holds a dimension of 16 tokens).
/// - Values: `[capacity][paddedWidth]`, paddedWidth = width rounded up to 16.
/// - Scales and middles: `[capacity]` each.
public struct HeadCache: BitwiseCopyable, @unchecked Sendable {
  /// The head's dimension.
  public let width: Int
  /// The quantised keys.
  public let keys: UnsafeMutablePointer<Int8>
  /// The quantised values.
  public let values: UnsafeMutablePointer<Int8>
  /// Scales of keys, middles of keys, scales of values, middles of values: `[4][capacity]`.
  public let factors: UnsafeMutablePointer<Float>
  /// How many tokens fit: a multiple of 16.
  public let capacity: Int

  /// A view of one head's cache; see the type for the layouts.
  @inlinable
  public init(
    width: Int, keys: UnsafeMutablePointer<Int8>, values: UnsafeMutablePointer<Int8>,
    factors: UnsafeMutablePointer<Float>, capacity: Int
  ) {
    self.width = width
    self.keys = keys
    self.values = values
    self.factors = factors
    self.capacity = capacity
  }

  /// `width` rounded up to 16.
  @inlinable public var paddedWidth: Int { roundUp(width, to: 16) }
}
