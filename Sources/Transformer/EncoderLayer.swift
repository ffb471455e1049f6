import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// One encoder layer over all source tokens: self-attention, then the feed-forward network ("Attention Is All
  /// You Need", section 3.1), in blocks of tokens.
  public func encoderLayer(_ layer: Int, _ model: borrowing Model) {
    let weights = model.encoder.pointer[layer]
    let width = model.architecture.width
    forEachBlock { start, count in
      projectSource(hidden.pointer + start * width, start: start, count: count, weights, model)
    }
    forEachBlock { start, count in
      let x = hidden.pointer + start * width
      attendSource(start: start, count: count, model.architecture)
      linear(weights.selfOutput, attended.pointer, count: count, into: sublayer)
      connectResidual(x, count: count, weights.selfNorm, model)
      feedForward(x, count: count, weights.feedForward, model)
    }
  }

  /// Queries, keys and values of a block of source tokens.
  private func projectSource(
    _ x: UnsafeMutablePointer<Float>, start: Int, count: Int, _ weights: EncoderLayerWeights,
    _ model: borrowing Model
  ) {
    let attention = model.architecture.attentionWidth
    let input = sublayerInput(x, count: count, weights.selfNorm, model)
    linear(weights.selfQueryKeyValue, input, count: count, into: projections)
    for token in 0..<count {
      let row = projections.pointer + token * weights.selfQueryKeyValue.paddedRows
      (queries.pointer + (start + token) * attention).update(from: row, count: attention)
      encoderCache.remember(
        keys: row + attention, values: row + 2 * attention, token: start + token, layer: 0, kernels)
    }
  }

  /// Self-attention of a block of source tokens over all of them.
  private func attendSource(start: Int, count: Int, _ architecture: Architecture) {
    let attention = architecture.attentionWidth
    for token in 0..<count {
      multiHeadAttention(
        query: queries.pointer + (start + token) * attention, encoderCache, layer: 0, count: sourceCount,
        architecture, into: attended.pointer + token * attention)
    }
  }

  /// Calls `body` with the start and count of each block of source tokens.
  func forEachBlock(_ body: (_ start: Int, _ count: Int) -> Void) {
    var start = 0
    while start < sourceCount {
      let count = min(tokensPerBlock, sourceCount - start)
      body(start, count)
      start += count
    }
  }
}
