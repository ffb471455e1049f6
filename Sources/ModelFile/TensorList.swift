/// The tensors that an architecture has, in the order of the tensor table.
///
/// First what the stacks share, then for each stack its own and those of layer after layer. The order is a formula, so
/// that neither the reader nor the runtime has to search a file.
public struct TensorList: Sendable {
  let architecture: Architecture
  private let shared: PartList
  private let encoder: StackParts
  private let decoder: StackParts

  /// The tensors of `architecture`.
  public init(_ architecture: Architecture) {
    self.architecture = architecture
    shared = Self.sharedParts(architecture)
    encoder = StackParts(.encoder, architecture)
    decoder = StackParts(.decoder, architecture)
  }

  /// How many there are.
  public var count: Int { shared.count + encoder.count + decoder.count }

  /// The tensor at `index`, without a place; `index` is in 0..<count.
  public subscript(index: Int) -> Tensor {
    if index < shared.count { return architecture.tensor(TensorName(.shared, shared[index])) }
    let rest = index - shared.count
    return architecture.tensor(
      rest < encoder.count ? encoder[rest] : decoder[rest - encoder.count])
  }

  /// The place of a tensor; nil if the architecture has no such.
  public func index(of name: TensorName) -> Int? {
    switch name.stack {
    case .shared: shared.index(of: name.part)
    case .encoder: encoder.index(of: name).map { shared.count + $0 }
    case .decoder: decoder.index(of: name).map { shared.count + encoder.count + $0 }
    }
  }

  private static func sharedParts(_ a: Architecture) -> PartList {
    var parts = PartList()
    parts.append(.sourceEmbedding)
    parts.append(.positionFrequencies, if: a.hasSinusoids)
    parts.append(.output, if: a.hasOutput)
    parts.append(.targetEmbedding, if: !a.sharesEmbeddings)
    parts.append(.embeddingProjection, if: a.embeddingWidth > 0)
    parts.append(.segmentEmbedding, if: a.segments > 0)
    parts.append(.rotaryFrequencies, if: a.rotaryWidth > 0)
    parts.append(.headProjection, if: a.head.hasProjection)
    parts.append(.headNorm, if: a.head.predictsTokens)
    parts.append(.classifier, if: a.head.classes > 0)
    return parts
  }
}

/// The tensors of one stack: its own, then those of each layer in the order in which the forward pass meets them.
private struct StackParts: Sendable {
  private let stack: Stack
  private let layers: Int
  private let own: PartList
  private let layer: PartList

  init(_ stack: Stack, _ a: Architecture) {
    self.stack = stack
    layers = stack == .encoder ? a.encoderLayers : a.decoderLayers
    var own = PartList()
    if layers > 0 {
      own.append(.positionEmbedding, if: a.positionEncoding == .learned)
      own.append(.embeddingNorm, if: a.normalizesEmbeddings)
      own.append(.finalNorm, if: a.hasFinalNorm)
      own.append(.relativeBias, if: a.relativeDistance > 0)
    }
    self.own = own
    var layer = PartList()
    layer.append(.selfQueryKeyValue)
    layer.append(.selfOutput)
    layer.append(.selfNorm)
    let isCross = stack == .decoder && a.hasCrossAttention
    layer.append(.crossQuery, if: isCross)
    layer.append(.crossKeyValue, if: isCross)
    layer.append(.crossOutput, if: isCross)
    layer.append(.crossNorm, if: isCross)
    layer.append(.feedForwardIn)
    layer.append(.feedForwardOut)
    layer.append(.feedForwardNorm)
    self.layer = layer
  }

  var count: Int { own.count + layers * layer.count }

  subscript(index: Int) -> TensorName {
    guard index >= own.count else { return TensorName(stack, own[index]) }
    let rest = index - own.count
    return TensorName(stack, layer: rest / layer.count, layer[rest % layer.count])
  }

  func index(of name: TensorName) -> Int? {
    if let place = own.index(of: name.part) { return place }
    guard name.layer < layers, let place = layer.index(of: name.part) else { return nil }
    return own.count + name.layer * layer.count + place
  }
}

/// A few parts in order.
private struct PartList: Sendable {
  private var parts = InlineArray<12, TensorPart>(repeating: .sourceEmbedding)
  private(set) var count = 0

  mutating func append(_ part: TensorPart, if isThere: Bool = true) {
    guard isThere else { return }
    parts[count] = part
    count += 1
  }

  subscript(index: Int) -> TensorPart { parts[index] }

  func index(of part: TensorPart) -> Int? {
    for index in 0..<count where parts[index] == part { return index }
    return nil
  }
}

extension Architecture {
  /// The shape and element type of a tensor, whose data have no place yet.
  func tensor(_ name: TensorName) -> Tensor {
    let inner = name.stack == .encoder ? encoderFeedForward : decoderFeedForward
    func matrix(_ rows: Int, _ columns: Int) -> Tensor { Tensor(name, .int8, rows: rows, columns: columns) }
    func floats(_ rows: Int, _ columns: Int) -> Tensor {
      Tensor(name, .float32, rows: rows, columns: columns)
    }
    switch name.part {
    case .sourceEmbedding: return matrix(sourceVocabulary, tableWidth)
    case .targetEmbedding, .output: return matrix(targetVocabulary, tableWidth)
    case .embeddingProjection: return matrix(width, tableWidth)
    case .positionEmbedding: return matrix(positions, tableWidth)
    case .segmentEmbedding: return floats(segments, tableWidth)
    case .positionFrequencies: return floats(1, (tableWidth + 1) / 2)
    case .rotaryFrequencies: return floats(1, rotaryWidth / 2)
    case .relativeBias: return floats(heads, 2 * relativeDistance + 1)
    case .selfQueryKeyValue: return matrix(attentionWidth + 2 * keyValueWidth, width)
    case .crossQuery: return matrix(attentionWidth, width)
    case .crossKeyValue: return matrix(2 * keyValueWidth, width)
    case .selfOutput, .crossOutput: return matrix(width, attentionWidth)
    case .feedForwardIn: return matrix(isGated ? 2 * inner : inner, width)
    case .feedForwardOut: return matrix(width, inner)
    case .headProjection: return matrix(head.predictsTokens ? tableWidth : head.projectionWidth, width)
    case .classifier: return matrix(head.classes, head.projectionWidth > 0 ? head.projectionWidth : width)
    case .embeddingNorm, .headNorm: return floats(normRows, tableWidth)
    case .finalNorm, .selfNorm, .crossNorm, .feedForwardNorm: return floats(normRows, width)
    }
  }
}
