import SwiftletSources

/// One layer of the encoder.
struct FloatEncoderLayer: Sendable {
  let attention: FloatAttention
  let attentionNorm: FloatNorm
  let feedForward: FloatFeedForward
  let feedForwardNorm: FloatNorm
  /// Whether blocks normalise their input, rather than their sum with the residual.
  let before: Bool

  init(
    _ tensors: EncoderLayerTensors, _ stack: MarianStack, _ activation: SourceActivation, before: Bool
  ) throws(SourceError) {
    attention = try FloatAttention(tensors.attention, heads: stack.heads)
    attentionNorm = try FloatNorm(tensors.attentionNorm)
    feedForward = try FloatFeedForward(tensors.feedForward, activation)
    feedForwardNorm = try FloatNorm(tensors.feedForwardNorm)
    self.before = before
  }

  func callAsFunction(_ tokens: FloatMatrix) -> FloatMatrix {
    let attended = residual(tokens, attentionNorm, before: before) { inputs in
      var memory = FloatMemory(width: inputs.columns)
      attention.remember(inputs, in: &memory)
      return attention(inputs, memory, causal: false)
    }
    return residual(attended, feedForwardNorm, before: before) { feedForward($0) }
  }
}
