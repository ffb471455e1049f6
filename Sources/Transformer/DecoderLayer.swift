import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// One decoder layer for the step's tokens: self-attention of each over itself and all before it in its sentence,
  /// attention over the source if there is one, the feed-forward network ("Attention Is All You Need", section 3.1).
  public mutating func decoderLayer(_ layer: Int, _ model: borrowing Model) {
    let weights = unsafe model.decoder.pointer[layer]
    let (own, forward) = (weights.selfAttention, weights.feedForward)
    let x = unsafe states.pointer
    unsafe attendSelf(sublayerInput(x, count: rowCount, own.norm, model), layer: layer, own, model)
    if model.architecture.isParallel {
      // Both sublayers read the states as they were.
      let input = unsafe sublayerInput(x, count: rowCount, forward.norm, model)
      unsafe connectResidual(x, stride: own.output.outputStride, count: rowCount, own.norm, model)
      unsafe feedForward(of: input, count: rowCount, forward, model)
      unsafe connectResidual(x, stride: forward.outer.outputStride, count: rowCount, forward.norm, model)
    } else {
      unsafe connectResidual(x, stride: own.output.outputStride, count: rowCount, own.norm, model)
      if let cross = weights.crossAttention { unsafe attendSource(x, layer: layer, cross, model) }
      unsafe feedForward(x, count: rowCount, forward, model)
    }
  }

  /// Self-attention; its result is in `sublayer`.
  private mutating func attendSelf(
    _ input: UnsafePointer<Float>, layer: Int, _ weights: SelfAttentionWeights, _ model: borrowing Model
  ) {
    unsafe linear(weights.queryKeyValue, input, count: rowCount, into: projections.pointer)
    let stride = weights.queryKeyValue.outputStride
    let architecture = model.architecture
    for index in 0..<rowCount {
      let row = unsafe rows.pointer[index]
      let position = Int(truncatingIfNeeded: row.position)
      let projection = unsafe projections.pointer + index * stride
      unsafe rotate(projection, position: position, model)
      let keys = unsafe projection + architecture.attentionWidth
      unsafe selfCache.view.remember(
        keys: keys, values: keys + architecture.keyValueWidth, token: position, layer: layer,
        table: pool.table(Int(truncatingIfNeeded: row.slot)), kernels)
    }
    let own = unsafe KeySource(
      rows: rows.pointer, tables: pool.table(0), pages: pageCount(tokens: limits.target))
    let terms = unsafe DistanceTerms(
      window: architecture.attentionWindow, biases: model.decoderStack.relativeBias,
      distance: architecture.relativeDistance)
    attend(.decoder, selfCache.view, layer: layer, stride: stride, own, terms, model)
    unsafe linear(weights.output, attended.pointer, count: rowCount, into: sublayer.pointer)
  }

  private mutating func attendSource(
    _ x: UnsafeMutablePointer<Float>, layer: Int, _ weights: CrossAttentionWeights, _ model: borrowing Model
  ) {
    let input = unsafe sublayerInput(x, count: rowCount, weights.norm, model)
    unsafe linear(weights.query, input, count: rowCount, into: projections.pointer)
    let source = unsafe KeySource(
      rows: rows.pointer, slots: slots.pointer, counts: sourceCounts.pointer, tables: sourceTable(0),
      pages: pageCount(tokens: limits.source))
    attend(
      .source, crossCache.view, layer: layer, stride: weights.query.outputStride, source, DistanceTerms(),
      model)
    unsafe linear(weights.output, attended.pointer, count: rowCount, into: sublayer.pointer)
    unsafe connectResidual(x, stride: weights.output.outputStride, count: rowCount, weights.norm, model)
  }

  /// Attention of the step's tokens, whose queries are the first part of their projections.
  private mutating func attend(
    _ kind: AttentionKind, _ cache: KeyValueView, layer: Int, stride: Int, _ keys: KeySource,
    _ terms: DistanceTerms, _ model: borrowing Model
  ) {
    let architecture = model.architecture
    unsafe withUnsafePointer(to: kernels) { kernels in
      let attention = unsafe MultiHeadAttention(
        kernels: kernels, cache: cache, layer: layer, heads: architecture.heads,
        scale: architecture.queryScale, terms: terms, queries: projections.pointer, stride: stride,
        count: rowCount, keys: keys, scratch: attentionScratch.pointer, scratchPerThread: scratchPerThread,
        output: attended.pointer)
      threads.share(attention)
      capture?.take(attention, kind, layer: layer)
    }
  }
}
