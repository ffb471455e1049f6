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
    /// Those that a step multiplies with its one token, the decoder's and the output's, but not those with the source's
    /// states: they come from memory no faster than they are multiplied twice.
    case steps
    /// All whose inputs are no more than half as wide as the widest.
    case all
    /// None.
    case none
  }

  /// Inputs that share a scale: 64 or 32, or 0 for a whole row. Nil for 64, but 32 in narrow models and where that takes
  /// fewer bytes, and with calibration a row where that is enough.
  public var group: Int?
  /// Which activations have an offset.
  public var offset = Offset.all
  /// Which inputs have two parts; nil for all in narrow models, in others those of steps where there are an encoder and a
  /// decoder, else those of the last layers.
  public var refinement: Refinement?
  /// A model of less width is narrow: so small that finer groups and second parts cost nothing that is noticed, while its
  /// results are those of few numbers, whose errors average away less. Factors and shifts of its inputs, 4 bytes for so few
  /// rows, would take more bytes than finer groups, and bring less.
  var narrowWidth = 256

  /// The default: what measured best.
  public init() {}

  /// How many inputs of a matrix share a scale: 32 in place of 64 in narrow models, and where 64 would pad rows with more
  /// bytes than it saves in scales.
  func group(of tensor: Tensor, in architecture: Architecture) -> Int {
    if let group { return group }
    let sizes = [64, 32].map { group in
      var tensor = tensor
      tensor.group = group
      return tensor.dataSize + tensor.scalesSize
    }
    return isNarrow(architecture) || sizes[1] < sizes[0] ? 32 : 64
  }

  func isNarrow(_ architecture: Architecture) -> Bool { architecture.width < narrowWidth }

  func usesOffset(_ part: TensorPart) -> Bool {
    switch offset {
    case .all: part != .sourceEmbedding && part != .targetEmbedding
    case .inner: part == .feedForwardOut
    case .none: false
    }
  }

  private func defaultRefinement(_ architecture: Architecture) -> Refinement {
    if isNarrow(architecture) { return .all }
    return architecture.encoderLayers > 0 && architecture.decoderLayers > 0 ? .steps : .last
  }

  func refinesInputs(_ tensor: Tensor, of architecture: Architecture) -> Bool {
    guard architecture.refinesInputs(ofColumns: tensor.columns) else { return false }
    return switch refinement ?? defaultRefinement(architecture) {
    case .last: architecture.isNearResults(tensor.name)
    case .steps: tensor.name.isOfSteps
    case .all: !tensor.name.part.isEmbedding
    case .none: false
    }
  }
}

extension TensorName {
  /// Whether each step of a decoder multiplies with a tensor.
  fileprivate var isOfSteps: Bool {
    part == .output || stack == .decoder && !part.isEmbedding && part != .crossKeyValue
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
