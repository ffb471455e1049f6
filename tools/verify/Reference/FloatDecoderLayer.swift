import SwiftletSources

/// One layer of the decoder.
struct FloatDecoderLayer: Sendable {
  let attention: FloatAttention
  let attentionNorm: FloatNorm
  let crossAttention: FloatAttention
  let crossAttentionNorm: FloatNorm
  let feedForward: FloatFeedForward
  let feedForwardNorm: FloatNorm
  /// Whether blocks normalise their input, rather than their sum with the residual.
  let before: Bool

  init(
    _ tensors: DecoderLayerTensors, _ stack: MarianStack, _ activation: SourceActivation, before: Bool
  ) throws(SourceError) {
    attention = try FloatAttention(tensors.attention, heads: stack.heads)
    attentionNorm = try FloatNorm(tensors.attentionNorm)
    crossAttention = try FloatAttention(tensors.crossAttention, heads: stack.heads)
    crossAttentionNorm = try FloatNorm(tensors.crossAttentionNorm)
    feedForward = try FloatFeedForward(tensors.feedForward, activation)
    feedForwardNorm = try FloatNorm(tensors.feedForwardNorm)
    self.before = before
  }

  /// The next tokens, one or many at once.
  ///
  /// - Parameters:
  ///   - own: keys and values of the tokens so far; those of these tokens are added.
  ///   - source: keys and values of the encoder's result.
  func callAsFunction(_ tokens: FloatMatrix, own: inout FloatMemory, source: FloatMemory) -> FloatMatrix {
    let attended = residual(tokens, attentionNorm, before: before) { inputs in
      attention.remember(inputs, in: &own)
      return attention(inputs, own, causal: true)
    }
    let crossed = residual(attended, crossAttentionNorm, before: before) { inputs in
      crossAttention(inputs, source, causal: false)
    }
    return residual(crossed, feedForwardNorm, before: before) { feedForward($0) }
  }
}
