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
      let row = rows.pointer[index]
      let keys = projections.pointer + (index * stride + width)
      selfCache.view.remember(
        keys: keys, values: keys + width, token: Int(truncatingIfNeeded: row.position), layer: layer,
        table: pool.table(Int(truncatingIfNeeded: row.slot)), kernels)
    }
    let own = KeySource(
      rows: rows.pointer, tables: pool.table(0), pages: pageCount(tokens: limits.target))
    attend(selfCache.view, layer: layer, stride: stride, own)
    linear(weights.selfOutput, attended.pointer, count: rowCount, into: sublayer.pointer)
    connectResidual(x, stride: weights.selfOutput.outputStride, count: rowCount, weights.selfNorm, model)
  }

  private mutating func attendSource(
    _ x: UnsafeMutablePointer<Float>, layer: Int, _ weights: DecoderLayerWeights, _ model: borrowing Model
  ) {
    let input = sublayerInput(x, count: rowCount, weights.crossNorm, model)
    linear(weights.crossQuery, input, count: rowCount, into: projections.pointer)
    let source = KeySource(
      rows: rows.pointer, slots: slots.pointer, counts: sourceCounts.pointer, tables: sourceTable(0),
      pages: pageCount(tokens: limits.source))
    attend(crossCache.view, layer: layer, stride: weights.crossQuery.outputStride, source)
    linear(weights.crossOutput, attended.pointer, count: rowCount, into: sublayer.pointer)
    connectResidual(x, stride: weights.crossOutput.outputStride, count: rowCount, weights.crossNorm, model)
  }

  /// Attention of the step's tokens, whose queries are the first part of their projections.
  private mutating func attend(_ cache: KeyValueView, layer: Int, stride: Int, _ keys: KeySource) {
    withUnsafePointer(to: kernels) { kernels in
      threads.share(
        MultiHeadAttention(
          kernels: kernels, cache: cache, layer: layer, queries: projections.pointer, stride: stride,
          count: rowCount, keys: keys, scores: scores.pointer, scoresPerThread: scoresPerThread,
          output: attended.pointer))
    }
  }
}
