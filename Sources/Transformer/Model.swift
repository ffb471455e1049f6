import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform

/// The parts of an arena that a model takes: an index of its weights, which themselves stay in the file.
public struct ModelLayout: Sendable {
  let encoder: PlannedBuffer<LayerWeights>
  let decoder: PlannedBuffer<LayerWeights>

  /// Adds the model's parts to a plan.
  public init(_ architecture: Architecture, in plan: inout MemoryPlan) throws(ArenaError) {
    encoder = try plan.add(
      "weight index, encoder", LayerWeights.self, count: architecture.encoderLayers, phases: .all,
      limit: .model)
    decoder = try plan.add(
      "weight index, decoder", LayerWeights.self, count: architecture.decoderLayers, phases: .all,
      limit: .model)
  }
}

/// A Transformer's weights, bound to a mapped file. Read-only: many workspaces, on many threads, can share one.
///
/// - Complexity: O(layers) to make; weights are neither read nor copied.
@safe public struct Model: ~Copyable, @unchecked Sendable {
  /// The file.
  public let file: ModelFile
  /// What the model is made of.
  public var architecture: Architecture { file.architecture }
  let sourceEmbedding: LinearWeights
  let targetEmbedding: LinearWeights
  let embeddingProjection: LinearWeights?
  let segmentEmbedding: UnsafePointer<Float>?
  let positionFrequencies: UnsafePointer<Float>?
  let rotaryFrequencies: UnsafePointer<Float>?
  /// The projection to the vocabulary; without one, the embeddings.
  let output: LinearWeights
  let encoderStack: StackWeights
  let decoderStack: StackWeights
  let head: HeadWeights
  let encoder: ArenaBuffer<LayerWeights>
  let decoder: ArenaBuffer<LayerWeights>

  /// Binds the weights of `file`.
  public init(
    _ file: consuming ModelFile, _ layout: ModelLayout, in arena: borrowing Arena
  ) throws(ModelFileError) {
    let list = TensorList(file.architecture)
    let shared = WeightReader(list, .shared)
    // Every architecture has it.
    let source = try unsafe shared.matrix(file, .sourceEmbedding).unsafelyUnwrapped
    let target = try shared.matrix(file, .targetEmbedding) ?? source
    let output = try shared.matrix(file, .output) ?? target
    let embeddingProjection = try shared.matrix(file, .embeddingProjection)
    let segmentEmbedding = try unsafe shared.floats(file, .segmentEmbedding)
    let positionFrequencies = try unsafe shared.floats(file, .positionFrequencies)
    let rotaryFrequencies = try unsafe shared.floats(file, .rotaryFrequencies)
    let head = try shared.head(file)
    let encoderStack = try WeightReader(list, .encoder).stack(file)
    let decoderStack = try WeightReader(list, .decoder).stack(file)
    let encoder = arena.buffer(layout.encoder)
    for layer in 0..<encoder.count {
      unsafe encoder.pointer[layer] = try WeightReader(list, .encoder, layer: layer).layer(file)
    }
    let decoder = arena.buffer(layout.decoder)
    for layer in 0..<decoder.count {
      unsafe decoder.pointer[layer] = try WeightReader(list, .decoder, layer: layer).layer(file)
    }
    sourceEmbedding = source
    targetEmbedding = target
    self.embeddingProjection = embeddingProjection
    unsafe self.segmentEmbedding = segmentEmbedding
    unsafe self.positionFrequencies = positionFrequencies
    unsafe self.rotaryFrequencies = rotaryFrequencies
    self.output = output
    self.encoderStack = encoderStack
    self.decoderStack = decoderStack
    self.head = head
    self.encoder = encoder
    self.decoder = decoder
    self.file = file
  }
}
