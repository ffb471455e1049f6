import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// One decoder layer for the step's tokens: self-attention of each over itself and all before it in its sentence,
  /// attention over the source, the feed-forward network ("Attention Is All You Need", section 3.1).
  public mutating func decoderLayer(_ layer: Int, _ model: borrowing Model) {
    let weights = model.decoder.pointer[layer]
    let x = states.pointer
    attendSelf(x, layer: layer, weights, model)
    attendSource(x, layer: layer, weights, model)
    feedForward(x, count: rowCount, weights.feedForward, model)
  }

  private mutating func attendSelf(
    _ x: UnsafeMutablePointer<Float>, layer: Int, _ weights: DecoderLayerWeights, _ model: borrowing Model
  ) {
    let width = model.architecture.attentionWidth
    let input = sublayerInput(x, count: rowCount, weights.selfNorm, model)
    linear(weights.selfQueryKeyValue, input, count: rowCount, into: projections.pointer)
    let stride = weights.selfQueryKeyValue.outputStride
    for index in 0..<rowCount {
      let slot = Int(truncatingIfNeeded: rows.pointer[index])
      let keys = projections.pointer + (index * stride + width)
      selfCache.view.remember(
        keys: keys, values: keys + width, token: lengths.pointer[slot].target, layer: layer, slot: slot,
        kernels)
    }
    attend(selfCache.view, layer: layer, stride: stride, isTarget: true)
    linear(weights.selfOutput, attended.pointer, count: rowCount, into: sublayer.pointer)
    connectResidual(x, stride: weights.selfOutput.outputStride, count: rowCount, weights.selfNorm, model)
  }

  private mutating func attendSource(
    _ x: UnsafeMutablePointer<Float>, layer: Int, _ weights: DecoderLayerWeights, _ model: borrowing Model
  ) {
    let input = sublayerInput(x, count: rowCount, weights.crossNorm, model)
    linear(weights.crossQuery, input, count: rowCount, into: projections.pointer)
    attend(crossCache.view, layer: layer, stride: weights.crossQuery.outputStride, isTarget: false)
    linear(weights.crossOutput, attended.pointer, count: rowCount, into: sublayer.pointer)
    connectResidual(x, stride: weights.crossOutput.outputStride, count: rowCount, weights.crossNorm, model)
  }

  /// Attention of the step's tokens, whose queries are the first part of their projections.
  private mutating func attend(_ cache: KeyValueView, layer: Int, stride: Int, isTarget: Bool) {
    withUnsafePointer(to: kernels) { kernels in
      threads.share(
        MultiHeadAttention(
          kernels: kernels, cache: cache, layer: layer, queries: projections.pointer, stride: stride,
          count: rowCount,
          keys: KeySource(slots: rows.pointer, lengths: lengths.pointer, isTarget: isTarget),
          scores: scores.pointer, output: attended.pointer))
    }
  }
}
