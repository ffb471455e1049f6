import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// One encoder layer over all source tokens: self-attention, then the feed-forward network ("Attention Is All
  /// You Need", section 3.1), in blocks of tokens.
  public mutating func encoderLayer(_ layer: Int, _ model: borrowing Model) {
    let weights = unsafe model.encoder.pointer[layer]
    let width = model.architecture.width
    var start = 0
    while start < sourceCount {
      let count = min(tokensPerBlock, sourceCount - start)
      unsafe projectSource(
        hidden.pointer + start * width, start: start, count: count, weights.selfAttention, model)
      start += count
    }
    start = 0
    while start < sourceCount {
      let count = min(tokensPerBlock, sourceCount - start)
      let x = unsafe hidden.pointer + start * width
      attendSource(layer: layer, start: start, count: count, model)
      let own = weights.selfAttention
      unsafe linear(own.output, attended.pointer, count: count, into: sublayer.pointer)
      unsafe connectResidual(x, stride: own.output.outputStride, count: count, own.norm, model)
      unsafe feedForward(x, count: count, weights.feedForward, model)
      start += count
    }
  }

  /// Queries, keys and values of a block of source tokens.
  private mutating func projectSource(
    _ x: UnsafeMutablePointer<Float>, start: Int, count: Int, _ weights: SelfAttentionWeights,
    _ model: borrowing Model
  ) {
    let width = model.architecture.attentionWidth
    let input = unsafe sublayerInput(x, count: count, weights.norm, model)
    unsafe linear(weights.queryKeyValue, input, count: count, into: projections.pointer)
    let stride = weights.queryKeyValue.outputStride
    for token in 0..<count {
      let projection = unsafe projections.pointer + token * stride
      unsafe rotate(projection, position: start + token, model)
      unsafe (queries.pointer + (start + token) * width).update(from: projection, count: width)
    }
    unsafe remember(
      projections.pointer + width, stride: stride, start: start, count: count, in: encoderCache.view,
      layer: 0, table: sourceTable(0))
  }

  /// Self-attention of a block of source tokens over all of them.
  private mutating func attendSource(layer: Int, start: Int, count: Int, _ model: borrowing Model) {
    let architecture = model.architecture
    let width = architecture.attentionWidth
    let terms = unsafe DistanceTerms(
      biases: model.encoderStack.relativeBias, distance: architecture.relativeDistance)
    unsafe withUnsafePointer(to: kernels) { kernels in
      let attention = unsafe MultiHeadAttention(
        kernels: kernels, cache: encoderCache.view, layer: 0, heads: architecture.heads,
        scale: architecture.queryScale, terms: terms, queries: queries.pointer + start * width,
        stride: width, count: count, keys: KeySource(count: sourceCount, table: sourceTable(0), start: start),
        scratch: attentionScratch.pointer, scratchPerThread: scratchPerThread, output: attended.pointer)
      threads.share(attention)
      capture?.take(attention, .encoder, layer: layer)
    }
  }
}
