import SwiftletSources

/// A Marian model in float32: the reference that the int8 runtime is measured against.
///
/// It reads the published weights itself and shares no arithmetic with the runtime, so that an error of one can't
/// hide in the other. It is made to be plainly right, and fast enough to translate a thousand sentences in
/// seconds. Weights take 4 bytes a parameter, and are shared by any number of sessions and threads.
public final class FloatModel: Sendable {
  /// The choices of the model.
  public let configuration: MarianConfiguration
  /// `vocab_size` × width
  let encoderEmbedding: [Float]
  /// `decoder_vocab_size` × width
  let decoderEmbedding: [Float]
  /// `decoder_vocab_size` × width
  let projection: [Float]
  let finalLogitsBias: [Float]
  let encoderLayers: [FloatEncoderLayer]
  let decoderLayers: [FloatDecoderLayer]
  let encoderEmbeddingNorm: FloatNorm?
  let decoderEmbeddingNorm: FloatNorm?
  let encoderFinalNorm: FloatNorm?
  let decoderFinalNorm: FloatNorm?

  /// Reads a model directory as Hugging Face publishes them.
  ///
  /// - Throws: `SourceError` if a file is missing or broken, or asks for what is not supported.
  public convenience init(directory: String) throws(SourceError) {
    let directory = try HuggingFaceDirectory(path: directory)
    let configuration = try directory.marianConfiguration()
    try self.init(configuration, try MarianTensors(configuration, try directory.weights()))
  }

  /// Reads all tensors, which must have been found with this very configuration.
  ///
  /// - Throws: `SourceError.tensors` at the first NaN or infinity.
  public init(_ configuration: MarianConfiguration, _ tensors: MarianTensors) throws(SourceError) {
    self.configuration = configuration
    let before = configuration.normalizesBefore
    encoderEmbedding = try tensors.encoderEmbedding.finiteFloats()
    // Shared tables are one array: Swift copies it only when it is written.
    decoderEmbedding =
      configuration.sharesEmbeddings ? encoderEmbedding : try tensors.decoderEmbedding.finiteFloats()
    projection = configuration.tiesProjection ? decoderEmbedding : try tensors.projection.finiteFloats()
    finalLogitsBias =
      try tensors.finalLogitsBias?.finiteFloats()
      ?? [Float](repeating: 0, count: configuration.targetVocabulary)
    var encoderLayers: [FloatEncoderLayer] = []
    for layer in tensors.encoderLayers {
      encoderLayers.append(
        try FloatEncoderLayer(layer, configuration.encoder, configuration.activation, before: before))
    }
    var decoderLayers: [FloatDecoderLayer] = []
    for layer in tensors.decoderLayers {
      decoderLayers.append(
        try FloatDecoderLayer(layer, configuration.decoder, configuration.activation, before: before))
    }
    self.encoderLayers = encoderLayers
    self.decoderLayers = decoderLayers
    encoderEmbeddingNorm = try Self.norm(tensors.encoderEmbeddingNorm)
    decoderEmbeddingNorm = try Self.norm(tensors.decoderEmbeddingNorm)
    encoderFinalNorm = try Self.norm(tensors.encoderFinalNorm)
    decoderFinalNorm = try Self.norm(tensors.decoderFinalNorm)
  }

  private static func norm(_ tensors: NormTensors?) throws(SourceError) -> FloatNorm? {
    guard let tensors else { return nil }
    return try FloatNorm(tensors)
  }

  /// Embeddings, scaled, with positions: ids × width.
  func embed(_ ids: [Int], from first: Int, _ table: [Float], _ norm: FloatNorm?) -> FloatMatrix {
    let width = configuration.width
    let scale = configuration.scalesEmbedding ? Float(width).squareRoot() : 1
    var result = FloatMatrix(rows: ids.count, columns: width)
    for (row, id) in ids.enumerated() {
      let position = Sinusoids.row(position: first + row, width: width)
      for column in 0..<width {
        result.values[row * width + column] = table[id * width + column] * scale + position[column]
      }
    }
    return norm?(result) ?? result
  }
}
