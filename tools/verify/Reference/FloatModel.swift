import Foundation
import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources

/// A Transformer in float32: the reference that the int8 runtime is measured against.
///
/// It reads the published weights itself and shares no arithmetic with the runtime, so that an error of one can't
/// hide in the other. It is made to be plainly right, and fast enough to translate a thousand sentences in
/// seconds. Weights take 4 bytes a parameter, and are shared by any number of sessions and threads.
public final class FloatModel: Sendable {
  /// What the model is made of.
  public let architecture: Architecture
  /// How its makers decode.
  public let decoding: SourceDecoding
  let tensors: FloatTensors
  let encoder: FloatStack
  let decoder: FloatStack
  let rotaryFrequencies: [Float]

  /// Reads a model from any source that there is an importer for.
  ///
  /// - Throws: `SourceError` if a file is missing or broken, or asks for what is not supported.
  public convenience init(source: String, from format: SourceFormat? = nil) throws(SourceError) {
    try self.init(try ModelImporter.load(source, from: format))
  }

  /// Reads all tensors of a model.
  ///
  /// - Throws: `SourceError.tensors` at the first NaN or infinity.
  public convenience init(_ model: ImportedModel) throws(SourceError) { try self.init(model, observer: nil) }

  /// Reads all tensors of a model whose projections' inputs somebody wants to see.
  ///
  /// - Throws: `SourceError.tensors` at the first NaN or infinity.
  package init(_ model: ImportedModel, observer: (any InputObserver)?) throws(SourceError) {
    architecture = model.architecture
    decoding = model.decoding
    tensors = try FloatTensors(model, observer)
    encoder = FloatStack(.encoder, architecture, tensors)
    decoder = FloatStack(.decoder, architecture, tensors)
    rotaryFrequencies =
      architecture.rotaryWidth > 0 ? tensors[.shared, .rotaryFrequencies].values : []
  }

  /// The projection of states to the vocabulary, with its bias: rows × target vocabulary.
  func logits(_ states: FloatMatrix) -> FloatMatrix { tensors[.shared, .output](states) }
}

/// The parts of an encoder or a decoder.
struct FloatStack: Sendable {
  let stack: Stack
  let embedding: FloatTensor?
  let positions: FloatTensor?
  let embeddingNorm: FloatNorm?
  let finalNorm: FloatNorm?
  let layers: [FloatLayer]
  let visibility: FloatVisibility

  /// Without layers it has nothing.
  init(_ stack: Stack, _ a: Architecture, _ tensors: FloatTensors) {
    let count = stack == .encoder ? a.encoderLayers : a.decoderLayers
    func norm(_ part: TensorPart, _ layer: Int = 0) -> FloatNorm {
      FloatNorm(kind: a.normKind, epsilon: Double(a.normEpsilon), parameters: tensors[stack, part, layer])
    }
    self.stack = stack
    let usesTarget = stack == .decoder && !a.sharesEmbeddings
    embedding = count == 0 ? nil : tensors[.shared, usesTarget ? .targetEmbedding : .sourceEmbedding]
    positions = count > 0 && a.positionEncoding == .learned ? tensors[stack, .positionEmbedding] : nil
    embeddingNorm = count > 0 && a.normalizesEmbeddings ? norm(.embeddingNorm) : nil
    finalNorm = count > 0 && a.hasFinalNorm ? norm(.finalNorm) : nil
    layers = (0..<count).map { layer in
      FloatLayer(
        architecture: a, queryKeyValue: tensors[stack, .selfQueryKeyValue, layer],
        output: tensors[stack, .selfOutput, layer], norm: norm(.selfNorm, layer),
        feedForwardIn: tensors[stack, .feedForwardIn, layer],
        feedForwardOut: tensors[stack, .feedForwardOut, layer],
        feedForwardNorm: norm(.feedForwardNorm, layer),
        cross: stack == .decoder && a.hasCrossAttention
          ? FloatLayer.Cross(
            query: tensors[stack, .crossQuery, layer], keyValue: tensors[stack, .crossKeyValue, layer],
            output: tensors[stack, .crossOutput, layer], norm: norm(.crossNorm, layer)) : nil)
    }
    visibility = FloatVisibility(
      isCausal: stack == .decoder, window: stack == .decoder ? a.attentionWindow : 0,
      biases: count > 0 && a.relativeDistance > 0 ? tensors[stack, .relativeBias] : nil)
  }
}
