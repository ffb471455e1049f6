/// The tensors that an architecture has, in the order of the tensor table.
///
/// The order is a formula, so that neither the reader nor the runtime has to search.
public struct TensorList: Sendable {
  let architecture: Architecture

  /// The tensors of `architecture`.
  public init(_ architecture: Architecture) { self.architecture = architecture }

  private var sharedCount: Int { architecture.sharesEmbeddings ? 3 : 4 }
  private var normCount: Int {
    (architecture.normalizesEmbeddings ? 1 : 0) + (architecture.hasFinalNorm ? 1 : 0)
  }
  private static let encoderParts = 6
  private static let decoderParts = 10

  /// How many there are.
  public var count: Int {
    sharedCount + 2 * normCount + Self.encoderParts * architecture.encoderLayers
      + Self.decoderParts * architecture.decoderLayers
  }

  /// The tensor at `index`, without a place; `index` is in 0..<count.
  public subscript(index: Int) -> Tensor {
    var rest = index
    if rest < sharedCount { return shared(rest) }
    rest -= sharedCount
    let encoderCount = normCount + Self.encoderParts * architecture.encoderLayers
    if rest < encoderCount {
      return stacked(.encoder, rest, parts: Self.encoderParts)
    }
    return stacked(.decoder, rest - encoderCount, parts: Self.decoderParts)
  }

  private func stacked(_ stack: Stack, _ place: Int, parts: Int) -> Tensor {
    if place < normCount {
      let part: TensorPart = place == 0 && architecture.normalizesEmbeddings ? .embeddingNorm : .finalNorm
      return Tensor(TensorName(stack, part), .float32, rows: 2, columns: architecture.width)
    }
    let rest = place - normCount
    let name = TensorName(stack, layer: rest / parts, Self.part(stack, rest % parts))
    return layered(name)
  }

  /// The parts of a layer, in the order in which the forward pass meets them.
  private static func part(_ stack: Stack, _ place: Int) -> TensorPart {
    switch (stack, place) {
    case (_, 0): .selfQueryKeyValue
    case (_, 1): .selfOutput
    case (_, 2): .selfNorm
    case (.decoder, 3): .crossQuery
    case (.decoder, 4): .crossKeyValue
    case (.decoder, 5): .crossOutput
    case (.decoder, 6): .crossNorm
    case (.encoder, 3), (.decoder, 7): .feedForwardIn
    case (.encoder, 4), (.decoder, 8): .feedForwardOut
    default: .feedForwardNorm
    }
  }

  private func shared(_ place: Int) -> Tensor {
    let a = architecture
    let source = Tensor(
      TensorName(.shared, .sourceEmbedding), .int8, rows: a.sourceVocabulary, columns: a.width)
    let frequencies = Tensor(
      TensorName(.shared, .positionFrequencies), .float32, rows: 1, columns: (a.width + 1) / 2)
    let output = Tensor(TensorName(.shared, .output), .int8, rows: a.targetVocabulary, columns: a.width)
    switch place {
    case 0: return source
    case 1: return frequencies
    case 2: return output
    default:
      return Tensor(TensorName(.shared, .targetEmbedding), .int8, rows: a.targetVocabulary, columns: a.width)
    }
  }

  private func layered(_ name: TensorName) -> Tensor {
    let a = architecture
    let inner = name.stack == .encoder ? a.encoderFeedForward : a.decoderFeedForward
    switch name.part {
    case .selfQueryKeyValue: return Tensor(name, .int8, rows: 3 * a.attentionWidth, columns: a.width)
    case .crossQuery: return Tensor(name, .int8, rows: a.attentionWidth, columns: a.width)
    case .crossKeyValue: return Tensor(name, .int8, rows: 2 * a.attentionWidth, columns: a.width)
    case .selfOutput, .crossOutput: return Tensor(name, .int8, rows: a.width, columns: a.attentionWidth)
    case .feedForwardIn: return Tensor(name, .int8, rows: inner, columns: a.width)
    case .feedForwardOut: return Tensor(name, .int8, rows: a.width, columns: inner)
    default: return Tensor(name, .float32, rows: 2, columns: a.width)
    }
  }

  /// The place of the first tensor of a layer, or of what the stacks share.
  public func firstTensor(of stack: Stack, layer: Int) -> Int {
    switch stack {
    case .shared: 0
    case .encoder: firstNorm(of: .encoder) + normCount + Self.encoderParts * layer
    case .decoder: firstNorm(of: .decoder) + normCount + Self.decoderParts * layer
    }
  }

  /// The place of the first norm of a stack that belongs to no layer.
  public func firstNorm(of stack: Stack) -> Int {
    stack == .encoder
      ? sharedCount : sharedCount + normCount + Self.encoderParts * architecture.encoderLayers
  }
}
