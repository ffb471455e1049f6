import Foundation
import SwiftletModelFile
import SwiftletSources

/// Marian's translation models in the layout of Hugging Face: OPUS-MT's, and this project's en-fr.
enum MarianImporter {
  /// Reads configuration, weights and tokenizers; nothing of the weights yet but their places.
  static func load(_ directory: HuggingFaceDirectory) throws -> ImportedModel {
    let configuration = try directory.marianConfiguration()
    let tensors = try MarianTensors(configuration, try directory.weights())
    let text = try directory.marianTokenizerConfiguration()
    return ImportedModel(
      architecture: try architecture(configuration), decoding: try decoding(configuration),
      metadata: metadata(directory, text),
      sourceTokenizer: try tokenizer(directory, configuration, text), targetTokenizer: nil,
      floats: { try floats($0, configuration, tensors) }, matrix: { matrix($0, tensors) },
      tiedOutput: configuration.tiesProjection
        ? (configuration.sharesEmbeddings ? .sourceEmbedding : .targetEmbedding) : nil,
      notes: notes(configuration))
  }

  /// What the user should know about the source.
  private static func notes(_ c: MarianConfiguration) -> [String] {
    guard c.decoding.beams > 1 else { return [] }
    return ["generation_config.json asks for \(c.decoding.beams) beams; this version decodes greedily"]
  }

  private static func architecture(_ c: MarianConfiguration) throws -> Architecture {
    var a = Architecture()
    a.encoderLayers = c.encoder.layers
    a.decoderLayers = c.decoder.layers
    a.width = c.width
    guard c.encoder.heads == c.decoder.heads else {
      throw ConversionError.unsupported(
        "\(c.file): encoder_attention_heads \(c.encoder.heads) and decoder_attention_heads \(c.decoder.heads) differ"
      )
    }
    a.heads = c.encoder.heads
    a.keyValueHeads = a.heads
    a.headWidth = c.width / c.encoder.heads
    a.encoderFeedForward = c.encoder.feedForward
    a.decoderFeedForward = c.decoder.feedForward
    a.sourceVocabulary = c.sourceVocabulary
    a.targetVocabulary = c.targetVocabulary
    a.positions = c.maximumPositions
    a.normPlacement = c.normalizesBefore ? .pre : .post
    a.activation = c.activation == .relu ? .relu : .swish
    a.positionEncoding = .halves
    a.embeddingScale = c.scalesEmbedding ? Float(c.width).squareRoot() : 1
    a.normEpsilon = 1e-5  // PyTorch's default, which Marian's layers keep.
    a.sharesEmbeddings = c.sharesEmbeddings
    a.normalizesEmbeddings = c.normalizesEmbedding
    a.hasFinalNorm = c.normalizesBefore
    return a
  }

  private static func decoding(_ c: MarianConfiguration) throws -> DecodingDefaults {
    var decoding = DecodingDefaults()
    decoding.startToken = c.startID
    decoding.endToken = c.endID
    decoding.maximumTokens = min(c.decoding.maximumLength ?? c.maximumPositions, c.maximumPositions)
    let suppressed = c.decoding.suppressedIDs
    guard suppressed.count <= DecodingDefaults.maximumSuppressed else {
      throw ConversionError.tooLarge(
        what: "the count of suppressed tokens", value: suppressed.count,
        limit: DecodingDefaults.maximumSuppressed)
    }
    for token in suppressed { decoding.suppress(token) }
    return decoding
  }

  private static func metadata(
    _ directory: HuggingFaceDirectory, _ text: MarianTokenizerConfiguration
  ) -> [(key: String, value: String)] {
    var lines = [("family", "marian"), ("name", URL(fileURLWithPath: directory.path).lastPathComponent)]
    if let source = text.sourceLanguage { lines.append(("source-language", source)) }
    if let target = text.targetLanguage { lines.append(("target-language", target)) }
    return lines.map { (key: $0.0, value: $0.1) }
  }

  private static func tokenizer(
    _ directory: HuggingFaceDirectory, _ c: MarianConfiguration, _ text: MarianTokenizerConfiguration
  ) throws -> [UInt8] {
    guard !text.separatesVocabularies else {
      throw ConversionError.unsupported(
        "\(directory.path)/tokenizer_config.json: separate_vocabs is not supported")
    }
    func bytes(_ name: String) throws -> [UInt8] {
      let path = "\(directory.path)/\(name)"
      do { return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
        throw ConversionError.file(path: path, action: "read", reason: error.localizedDescription)
      }
    }
    func model(_ name: String) throws -> SentencePieceModel {
      do { return try SentencePieceModel(try bytes(name)) } catch let error as SentencePieceError {
        throw ConversionError.unsupported("\(directory.path)/\(name): \(error)")
      }
    }
    let vocabulary: Vocabulary
    do { vocabulary = try Vocabulary(json: try bytes("vocab.json")) } catch let error as VocabularyError {
      throw ConversionError.unsupported("\(directory.path)/vocab.json: \(error)")
    }
    guard vocabulary.count == c.sourceVocabulary else {
      throw ConversionError.unsupported(
        "\(directory.path)/vocab.json has \(vocabulary.count) tokens, config.json's vocab_size is \(c.sourceVocabulary)"
      )
    }
    guard let unknown = vocabulary[TokenText(text.unknownToken)] else {
      throw ConversionError.unsupported("\(directory.path)/vocab.json has no token \(text.unknownToken)")
    }
    return try unigramSection(
      model: try model("source.spm"), vocabulary: vocabulary, unknownID: unknown,
      target: try model("target.spm"),
      silentIDs: [c.endID, c.paddingID, c.startID])
  }

  private static func floats(
    _ name: TensorName, _ c: MarianConfiguration, _ tensors: MarianTensors
  ) throws -> [Float] {
    func norm(_ norm: NormTensors?) throws -> [Float] {
      guard let norm else { return [] }
      return try WeightSource([norm.weight]).floats(rows: 0..<c.width)
        + WeightSource([norm.bias]).floats(rows: 0..<c.width)
    }
    let isEncoder = name.stack == .encoder
    switch name.part {
    case .positionFrequencies: return Sinusoids.frequencies(width: c.width)
    case .embeddingNorm:
      return try norm(isEncoder ? tensors.encoderEmbeddingNorm : tensors.decoderEmbeddingNorm)
    case .finalNorm: return try norm(isEncoder ? tensors.encoderFinalNorm : tensors.decoderFinalNorm)
    case .crossNorm: return try norm(tensors.decoderLayers[name.layer].crossAttentionNorm)
    case .selfNorm:
      return try norm(
        isEncoder
          ? tensors.encoderLayers[name.layer].attentionNorm : tensors.decoderLayers[name.layer].attentionNorm)
    default:
      return try norm(
        isEncoder
          ? tensors.encoderLayers[name.layer].feedForwardNorm
          : tensors.decoderLayers[name.layer].feedForwardNorm)
    }
  }

  private static func matrix(_ name: TensorName, _ tensors: MarianTensors) -> WeightSource {
    switch name.stack {
    case .shared:
      switch name.part {
      case .sourceEmbedding: return WeightSource([tensors.encoderEmbedding])
      case .targetEmbedding: return WeightSource([tensors.decoderEmbedding])
      default:
        return WeightSource([tensors.projection], biases: tensors.finalLogitsBias.map { [$0] } ?? [])
      }
    case .encoder:
      let layer = tensors.encoderLayers[name.layer]
      return matrix(name.part, layer.attention, layer.attention, layer.feedForward)
    case .decoder:
      let layer = tensors.decoderLayers[name.layer]
      return matrix(name.part, layer.attention, layer.crossAttention, layer.feedForward)
    }
  }

  private static func matrix(
    _ part: TensorPart, _ own: AttentionTensors, _ cross: AttentionTensors, _ feedForward: FeedForwardTensors
  ) -> WeightSource {
    switch part {
    case .selfQueryKeyValue: WeightSource([own.query, own.key, own.value])
    case .selfOutput: WeightSource([own.output])
    case .crossQuery: WeightSource([cross.query])
    case .crossKeyValue: WeightSource([cross.key, cross.value])
    case .crossOutput: WeightSource([cross.output])
    case .feedForwardIn: WeightSource([feedForward.expand])
    default: WeightSource([feedForward.contract])
    }
  }
}
