import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// One decoder layer for the token at position `targetCount`: self-attention over it and all before it,
  /// attention over the source, the feed-forward network ("Attention Is All You Need", section 3.1).
  public func decoderLayer(_ layer: Int, _ model: borrowing Model) {
    let weights = model.decoder.pointer[layer]
    let x = token.pointer
    attendSelf(x, layer: layer, weights, model)
    attendSource(x, layer: layer, weights, model)
    feedForward(x, count: 1, weights.feedForward, model)
  }

  private func attendSelf(
    _ x: UnsafeMutablePointer<Float>, layer: Int, _ weights: DecoderLayerWeights, _ model: borrowing Model
  ) {
    let attention = model.architecture.attentionWidth
    let input = sublayerInput(x, count: 1, weights.selfNorm, model)
    linear(weights.selfQueryKeyValue, input, count: 1, into: projections)
    let row = projections.pointer
    selfCache.remember(
      keys: row + attention, values: row + 2 * attention, token: targetCount, layer: layer, kernels)
    multiHeadAttention(
      query: row, selfCache, layer: layer, count: targetCount + 1, model.architecture, into: attended.pointer)
    linear(weights.selfOutput, attended.pointer, count: 1, into: sublayer)
    connectResidual(x, count: 1, weights.selfNorm, model)
  }

  private func attendSource(
    _ x: UnsafeMutablePointer<Float>, layer: Int, _ weights: DecoderLayerWeights, _ model: borrowing Model
  ) {
    let input = sublayerInput(x, count: 1, weights.crossNorm, model)
    linear(weights.crossQuery, input, count: 1, into: projections)
    multiHeadAttention(
      query: projections.pointer, crossCache, layer: layer, count: sourceCount, model.architecture,
      into: attended.pointer)
    linear(weights.crossOutput, attended.pointer, count: 1, into: sublayer)
    connectResidual(x, count: 1, weights.crossNorm, model)
  }
}
