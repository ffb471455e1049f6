import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

/// A layer norm's parameters: `width` floats each.
public struct NormWeights: BitwiseCopyable, @unchecked Sendable {
  let gain: UnsafePointer<Float>
  let bias: UnsafePointer<Float>
}

/// The weights of an encoder layer.
public struct EncoderLayerWeights: BitwiseCopyable, @unchecked Sendable {
  let selfQueryKeyValue: LinearWeights
  let selfOutput: LinearWeights
  let selfNorm: NormWeights
  let feedForward: FeedForwardWeights
}

/// The weights of a decoder layer.
public struct DecoderLayerWeights: BitwiseCopyable, @unchecked Sendable {
  let selfQueryKeyValue: LinearWeights
  let selfOutput: LinearWeights
  let selfNorm: NormWeights
  let crossQuery: LinearWeights
  let crossKeyValue: LinearWeights
  let crossOutput: LinearWeights
  let crossNorm: NormWeights
  let feedForward: FeedForwardWeights
}

/// The weights of a position-wise feed-forward network and its norm.
public struct FeedForwardWeights: BitwiseCopyable, @unchecked Sendable {
  let inner: LinearWeights
  let outer: LinearWeights
  let norm: NormWeights
}

/// The parts of an arena that a model takes: an index of its weights, which themselves stay in the file.
public struct ModelLayout: Sendable {
  let encoder: PlannedBuffer<EncoderLayerWeights>
  let decoder: PlannedBuffer<DecoderLayerWeights>

  /// Adds the model's parts to a plan.
  public init(_ architecture: Architecture, in plan: inout MemoryPlan) throws(ArenaError) {
    encoder = try plan.add(
      "weight index, encoder", EncoderLayerWeights.self, count: architecture.encoderLayers, phases: .all,
      limit: .model)
    decoder = try plan.add(
      "weight index, decoder", DecoderLayerWeights.self, count: architecture.decoderLayers, phases: .all,
      limit: .model)
  }
}

/// A Transformer's weights, bound to a mapped file. Read-only: many workspaces, on many threads, can share one.
///
/// - Complexity: O(layers) to make; weights are neither read nor copied.
public struct Model: ~Copyable, @unchecked Sendable {
  /// The file.
  public let file: ModelFile
  /// What the model is made of.
  public var architecture: Architecture { file.architecture }
  let sourceEmbedding: LinearWeights
  let targetEmbedding: LinearWeights
  let output: LinearWeights
  let positionFrequencies: UnsafePointer<Float>
  let encoderNorms: StackNorms
  let decoderNorms: StackNorms
  let encoder: ArenaBuffer<EncoderLayerWeights>
  let decoder: ArenaBuffer<DecoderLayerWeights>

  /// The norms of a stack that belong to no layer, where there are any.
  struct StackNorms {
    var embedding: NormWeights?
    var final: NormWeights?
  }

  /// Binds the weights of `file`.
  public init(
    _ file: consuming ModelFile, _ layout: ModelLayout, in arena: borrowing Arena
  ) throws(ModelFileError) {
    let list = TensorList(file.architecture)
    let shared = WeightReader(file, list, .shared, layer: 0)
    let sharesEmbeddings = file.architecture.sharesEmbeddings
    let source = try shared.linear(file, 0)
    let frequencies = try shared.floats(file, 1)
    let output = try shared.linear(file, 2)
    let target = sharesEmbeddings ? source : try shared.linear(file, 3)
    let encoderNorms = try Self.norms(of: .encoder, file, list)
    let decoderNorms = try Self.norms(of: .decoder, file, list)
    let encoder = arena.buffer(layout.encoder)
    for layer in 0..<encoder.count {
      encoder.pointer[layer] = try WeightReader(file, list, .encoder, layer: layer).encoderLayer(file)
    }
    let decoder = arena.buffer(layout.decoder)
    for layer in 0..<decoder.count {
      decoder.pointer[layer] = try WeightReader(file, list, .decoder, layer: layer).decoderLayer(file)
    }
    sourceEmbedding = source
    targetEmbedding = target
    self.output = output
    positionFrequencies = frequencies
    self.encoderNorms = encoderNorms
    self.decoderNorms = decoderNorms
    self.encoder = encoder
    self.decoder = decoder
    self.file = file
  }

  private static func norms(
    of stack: Stack, _ file: borrowing ModelFile, _ list: TensorList
  ) throws(ModelFileError) -> StackNorms {
    let architecture = file.architecture
    var norms = StackNorms()
    var place = list.firstNorm(of: stack)
    if architecture.normalizesEmbeddings {
      norms.embedding = try WeightReader.norm(file, at: place)
      place += 1
    }
    if architecture.hasFinalNorm { norms.final = try WeightReader.norm(file, at: place) }
    return norms
  }
}
