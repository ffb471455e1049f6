/// The function between the two products of a feed-forward block.
public enum SourceActivation: String, Sendable {
  /// max(x, 0)
  case relu
  /// x · sigmoid(x), also called SiLU.
  case swish
}

/// All choices of a Marian model, read from `config.json` and checked.
///
/// Nothing in the file is passed over: a value that would change the result and that nothing here honours is an
/// error, and so is a key of unknown meaning.
public struct MarianConfiguration: Equatable, Sendable {
  /// The file that it was read from.
  public var file: String
  /// `d_model`: the width of the residual stream. Even, since positions are halves.
  public var width: Int
  /// `vocab_size`: rows of the encoder's embedding.
  public var sourceVocabulary: Int
  /// `decoder_vocab_size`: rows of the decoder's embedding and of the output projection.
  public var targetVocabulary: Int
  /// `max_position_embeddings`: the longest source and the longest target, in tokens.
  public var maximumPositions: Int
  /// `encoder_*`
  public var encoder: MarianStack
  /// `decoder_*`
  public var decoder: MarianStack
  /// `activation_function`, of both stacks.
  public var activation: SourceActivation
  /// `scale_embedding`: embeddings are multiplied by √width.
  public var scalesEmbedding: Bool
  /// `normalize_embedding`: a LayerNorm after embedding and position, in both stacks.
  public var normalizesEmbedding: Bool
  /// `normalize_before` and `add_final_layer_norm`, which must agree: each block normalises its input, instead
  /// of its sum with the residual, and each stack its result.
  public var normalizesBefore: Bool
  /// `share_encoder_decoder_embeddings`: one table for both stacks.
  public var sharesEmbeddings: Bool
  /// `tie_word_embeddings`: the output projection is the decoder's embedding table.
  public var tiesProjection: Bool
  /// `pad_token_id`
  public var paddingID: Int
  /// `eos_token_id`: ends a source, and a target.
  public var endID: Int
  /// `decoder_start_token_id`: what the decoder reads first.
  public var startID: Int
  /// The settings of decoding: of `generation_config.json`, else of `config.json`.
  public var decoding: MarianDecoding
}

/// The measures of an encoder or a decoder.
public struct MarianStack: Equatable, Sendable {
  /// Count of layers.
  public var layers: Int
  /// Count of attention heads: divides the width.
  public var heads: Int
  /// Width of the feed-forward block.
  public var feedForward: Int

  /// A stack of these measures.
  public init(layers: Int, heads: Int, feedForward: Int) {
    self.layers = layers
    self.heads = heads
    self.feedForward = feedForward
  }
}

/// How the model's makers decode.
public struct MarianDecoding: Equatable, Sendable {
  /// `num_beams`: 1 is greedy.
  public var beams: Int
  /// `max_length`: the longest target in tokens, the start token included; nil if nothing was said.
  public var maximumLength: Int?
  /// `forced_eos_token_id`: whether a target that reaches its greatest length ends with the end token.
  public var forcesEnd: Bool
  /// `renormalize_logits`: log-probabilities are those among the tokens that are not suppressed.
  public var renormalizes: Bool
  /// Ids that are never produced: the words of `bad_words_ids`, and `suppress_tokens`. Ascending.
  public var suppressedIDs: [Int]
}
