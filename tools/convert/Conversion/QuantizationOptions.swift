import SwiftletModelFile

/// How weights are quantised, and how the runtime is to quantise the activations that meet them.
public struct QuantizationOptions: Equatable, Sendable {
  /// Which activations are quantised with an offset (numeric contract, 2).
  public enum Offset: String, CaseIterable, Sendable {
    /// All of them.
    case all
    /// Those that come out of an activation function, which are one-sided.
    case inner
    /// None.
    case none
  }

  /// Inputs that share a scale: 64 or 32, or 0 for a whole row.
  public var group = 64
  /// Whether calibration may give a matrix one scale a row instead, where that is enough.
  public var choosesGroups = true
  /// Which activations have an offset.
  public var offset = Offset.all

  /// The default: what measured best.
  public init() {}

  func usesOffset(_ part: TensorPart) -> Bool {
    switch offset {
    case .all: part != .sourceEmbedding && part != .targetEmbedding
    case .inner: part == .feedForwardOut
    case .none: false
    }
  }
}
