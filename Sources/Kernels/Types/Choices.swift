/// What a product's kernel does with its results before it stores them.
public enum Activation: UInt32, Sendable, BitwiseCopyable {
  /// Nothing.
  case none = 0
  /// max(0, x).
  case relu = 1
}

/// A function of each of a product's results, by a pass of its own: in the product's kernel, its code would be there
/// for every size of a register tile.
public enum PointwiseFunction: UInt32, Sendable, BitwiseCopyable {
  /// max(0, x).
  case relu = 1
  /// x · sigmoid(x): "swish" and "SiLU".
  case swish = 2
  /// x · Φ(x), by the error function.
  case gelu = 3
  /// x · Φ(x), by its approximation with tanh.
  case geluTanh = 4
  /// tanh x.
  case tanh = 5
}

/// How the two halves of a sinusoidal position lie in its vector.
public enum PositionLayout: UInt32, Sendable {
  /// All sines, then all cosines (transformers' Marian, tensor2tensor).
  case halves = 0
  /// Sine and cosine by turns (the paper, section 3.5).
  case interleaved = 1
}

/// The likeliest of a row of logits.
public struct Choice: Equatable, Sendable, BitwiseCopyable {
  /// Its index; the lowest of equals.
  public let index: Int
  /// Its log-probability: logit − ln Σ eˡᵒᵍⁱᵗ.
  public let logProbability: Float

  /// A choice.
  @inlinable
  public init(index: Int, logProbability: Float) {
    self.index = index
    self.logProbability = logProbability
  }
}
