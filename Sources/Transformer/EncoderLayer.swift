import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// One encoder layer over all source tokens: self-attention, then the feed-forward network ("Attention Is All
  /// You Need", section 3.1), in blocks of tokens.
  public mutating func encoderLayer(_ layer: Int, _ model: borrowing Model) {
    let weights = model.encoder.pointer[layer]
    let width = model.architecture.width
    var start = 0
    while start < sourceCount {
      let count = min(tokensPerBlock, sourceCount - start)
      projectSource(hidden.pointer + start * width, start: start, count: count, weights, model)
      start += count
    }
    start = 0
    while start < sourceCount {
      let count = min(tokensPerBlock, sourceCount - start)
      let x = hidden.pointer + start * width
      attendSource(start: start, count: count, model.architecture)
      linear(weights.selfOutput, attended.pointer, count: count, into: sublayer.pointer)
      connectResidual(x, stride: weights.selfOutput.outputStride, count: count, weights.selfNorm, model)
      feedForward(x, count: count, weights.feedForward, model)
      start += count
    }
  }

  /// Queries, keys and values of a block of source tokens.
  private mutating func projectSource(
    _ x: UnsafeMutablePointer<Float>, start: Int, count: Int, _ weights: EncoderLayerWeights,
    _ model: borrowing Model
  ) {
    let width = model.architecture.attentionWidth
    let input = sublayerInput(x, count: count, weights.selfNorm, model)
    linear(weights.selfQueryKeyValue, input, count: count, into: projections.pointer)
    let stride = weights.selfQueryKeyValue.outputStride
    for token in 0..<count {
      (queries.pointer + (start + token) * width).update(
        from: projections.pointer + token * stride, count: width)
    }
    remember(
      projections.pointer + width, stride: stride, start: start, count: count, in: encoderCache.view,
      layer: 0, table: sourceTable(0))
  }

  /// Self-attention of a block of source tokens over all of them.
  private mutating func attendSource(start: Int, count: Int, _ architecture: Architecture) {
    let width = architecture.attentionWidth
    withUnsafePointer(to: kernels) { kernels in
      threads.share(
        MultiHeadAttention(
          kernels: kernels, cache: encoderCache.view, layer: 0, queries: queries.pointer + start * width,
          stride: width, count: count, keys: KeySource(count: sourceCount, table: sourceTable(0)),
          scores: scores.pointer, scoresPerThread: scoresPerThread, output: attended.pointer))
    }
  }
}
