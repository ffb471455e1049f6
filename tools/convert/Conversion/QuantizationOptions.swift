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

  /// Which matrices have their inputs quantised in two parts.
  public enum Refinement: String, CaseIterable, Sendable {
    /// Those near the results, where an error is not averaged away: the output's, and each stack's last layer's.
    case last
    /// All whose inputs are no more than half as wide as the widest.
    case all
    /// None.
    case none
  }

  /// Inputs that share a scale: 64 or 32, or 0 for a whole row.
  public var group = 64
  /// Whether calibration may give a matrix one scale a row instead, where that is enough.
  public var choosesGroups = true
  /// Which activations have an offset.
  public var offset = Offset.all

  /// Which inputs have two parts.
  public var refinement = Refinement.last

  /// The default: what measured best.
  public init() {}

  func usesOffset(_ part: TensorPart) -> Bool {
    switch offset {
    case .all: part != .sourceEmbedding && part != .targetEmbedding
    case .inner: part == .feedForwardOut
    case .none: false
    }
  }

  func refinesInputs(_ tensor: Tensor, of architecture: Architecture) -> Bool {
    guard architecture.refinesInputs(ofColumns: tensor.columns) else { return false }
    return switch refinement {
    case .last: architecture.isNearResults(tensor.name)
    case .all: !tensor.name.part.isEmbedding
    case .none: false
    }
  }
}

extension Architecture {
  /// Whether a tensor is the output's, or its stack's last layer's.
  fileprivate func isNearResults(_ name: TensorName) -> Bool {
    switch name.stack {
    case .shared: name.part == .output
    case .encoder: name.layer == encoderLayers - 1
    case .decoder: name.layer == decoderLayers - 1
    }
  }
}
