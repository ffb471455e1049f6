/// A matrix and its bias.
public struct LinearTensors: Sendable {
  /// outputs × inputs
  public let weight: SourceTensor
  /// outputs
  public let bias: SourceTensor
}

/// The factors and the offsets of a LayerNorm.
public struct NormTensors: Sendable {
  /// width
  public let weight: SourceTensor
  /// width
  public let bias: SourceTensor
}

/// The four projections of a multi-head attention, each width × width.
public struct AttentionTensors: Sendable {
  /// `q_proj`
  public let query: LinearTensors
  /// `k_proj`
  public let key: LinearTensors
  /// `v_proj`
  public let value: LinearTensors
  /// `out_proj`
  public let output: LinearTensors

  init(_ name: String, _ width: Int, _ parts: inout PartFinder) throws(SourceError) {
    query = try parts.linear("\(name).q_proj", width, width)
    key = try parts.linear("\(name).k_proj", width, width)
    value = try parts.linear("\(name).v_proj", width, width)
    output = try parts.linear("\(name).out_proj", width, width)
  }
}

/// The two products of a feed-forward block.
public struct FeedForwardTensors: Sendable {
  /// `fc1`: inner × width
  public let expand: LinearTensors
  /// `fc2`: width × inner
  public let contract: LinearTensors

  init(_ name: String, _ width: Int, _ inner: Int, _ parts: inout PartFinder) throws(SourceError) {
    expand = try parts.linear("\(name).fc1", inner, width)
    contract = try parts.linear("\(name).fc2", width, inner)
  }
}

/// One layer of the encoder. A norm belongs to the block before it in the list.
public struct EncoderLayerTensors: Sendable {
  /// `self_attn`
  public let attention: AttentionTensors
  /// `self_attn_layer_norm`
  public let attentionNorm: NormTensors
  /// `fc1` and `fc2`
  public let feedForward: FeedForwardTensors
  /// `final_layer_norm`
  public let feedForwardNorm: NormTensors

  init(_ name: String, _ width: Int, _ inner: Int, _ parts: inout PartFinder) throws(SourceError) {
    attention = try AttentionTensors("\(name).self_attn", width, &parts)
    attentionNorm = try parts.norm("\(name).self_attn_layer_norm", width)
    feedForward = try FeedForwardTensors(name, width, inner, &parts)
    feedForwardNorm = try parts.norm("\(name).final_layer_norm", width)
  }
}

/// One layer of the decoder. A norm belongs to the block before it in the list.
public struct DecoderLayerTensors: Sendable {
  /// `self_attn`
  public let attention: AttentionTensors
  /// `self_attn_layer_norm`
  public let attentionNorm: NormTensors
  /// `encoder_attn`: queries of the decoder, keys and values of the encoder's result
  public let crossAttention: AttentionTensors
  /// `encoder_attn_layer_norm`
  public let crossAttentionNorm: NormTensors
  /// `fc1` and `fc2`
  public let feedForward: FeedForwardTensors
  /// `final_layer_norm`
  public let feedForwardNorm: NormTensors

  init(_ name: String, _ width: Int, _ inner: Int, _ parts: inout PartFinder) throws(SourceError) {
    attention = try AttentionTensors("\(name).self_attn", width, &parts)
    attentionNorm = try parts.norm("\(name).self_attn_layer_norm", width)
    crossAttention = try AttentionTensors("\(name).encoder_attn", width, &parts)
    crossAttentionNorm = try parts.norm("\(name).encoder_attn_layer_norm", width)
    feedForward = try FeedForwardTensors(name, width, inner, &parts)
    feedForwardNorm = try parts.norm("\(name).final_layer_norm", width)
  }
}
