/// The tensors of a Marian model under the names of their parts: all there, all of the right shape, none left over.
///
/// Matrices are stored as outputs × inputs.
public struct MarianTensors: Sendable {
  /// `vocab_size` × width.
  public let encoderEmbedding: SourceTensor
  /// `decoder_vocab_size` × width. The same tensor as `encoderEmbedding` if the embeddings are shared.
  public let decoderEmbedding: SourceTensor
  /// `decoder_vocab_size` × width. The same tensor as `decoderEmbedding` if the projection is tied.
  public let projection: SourceTensor
  /// 1 × `decoder_vocab_size`: nil means zeros.
  public let finalLogitsBias: SourceTensor?
  /// The encoder's layers, first to last.
  public let encoderLayers: [EncoderLayerTensors]
  /// The decoder's layers, first to last.
  public let decoderLayers: [DecoderLayerTensors]
  /// After the encoder's embedding, if `normalizesEmbedding`.
  public let encoderEmbeddingNorm: NormTensors?
  /// After the decoder's embedding, if `normalizesEmbedding`.
  public let decoderEmbeddingNorm: NormTensors?
  /// After the encoder's last layer, if `normalizesBefore`.
  public let encoderFinalNorm: NormTensors?
  /// After the decoder's last layer, if `normalizesBefore`.
  public let decoderFinalNorm: NormTensors?
  /// Every tensor in use, once, in the order of the files.
  public let all: [SourceTensor]

  /// Finds every part that `configuration` implies in `weights`.
  ///
  /// Shared tables may be there under more than one name, if all copies are equal; sinusoidal positions may be
  /// there, if they are the sinusoids.
  ///
  /// - Throws: `SourceError.tensors` for the first that is missing, has another shape, is not expected,
  ///   can't be read, or is a copy that differs.
  public init(_ configuration: MarianConfiguration, _ weights: SafetensorsDirectory) throws(SourceError) {
    var parts = PartFinder(weights)
    let width = configuration.width
    let tables = try EmbeddingTables(configuration, &parts)
    encoderEmbedding = tables.encoder
    decoderEmbedding = tables.decoder
    projection = tables.projection
    finalLogitsBias = try parts.takeIfPresent("final_logits_bias", [1, configuration.targetVocabulary])
    encoderEmbeddingNorm =
      configuration.normalizesEmbedding ? try parts.norm("model.encoder.layernorm_embedding", width) : nil
    decoderEmbeddingNorm =
      configuration.normalizesEmbedding ? try parts.norm("model.decoder.layernorm_embedding", width) : nil
    var encoderLayers: [EncoderLayerTensors] = []
    for layer in 0..<configuration.encoder.layers {
      let name = "model.encoder.layers.\(layer)"
      encoderLayers.append(try EncoderLayerTensors(name, width, configuration.encoder.feedForward, &parts))
    }
    var decoderLayers: [DecoderLayerTensors] = []
    for layer in 0..<configuration.decoder.layers {
      let name = "model.decoder.layers.\(layer)"
      decoderLayers.append(try DecoderLayerTensors(name, width, configuration.decoder.feedForward, &parts))
    }
    self.encoderLayers = encoderLayers
    self.decoderLayers = decoderLayers
    encoderFinalNorm =
      configuration.normalizesBefore ? try parts.norm("model.encoder.layer_norm", width) : nil
    decoderFinalNorm =
      configuration.normalizesBefore ? try parts.norm("model.decoder.layer_norm", width) : nil
    all = parts.taken
    for stack in ["encoder", "decoder"] {
      let shape = [configuration.maximumPositions, width]
      guard let table = try parts.takeIfPresent("model.\(stack).embed_positions.weight", shape) else {
        continue
      }
      try Sinusoids.check(table)
    }
    try parts.checkNothingLeft()
  }

  /// Finds the first NaN or infinity in any tensor.
  ///
  /// - Throws: `SourceError.tensors` with the tensor's name, the value and its index.
  public func checkFinite() throws(SourceError) {
    for tensor in all {
      try tensor.checkFinite()
      tensor.release()
    }
  }
}
