import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// Encodes a source: `ids` with the end token, at most `limits.source` of them, each below the vocabulary's size.
  ///
  /// Leaves the encoder's states, and in `slot` the keys and values that every decoder layer takes from them; the
  /// slot's target starts anew. Without ids the slot is empty, and nothing can be decoded from it.
  public mutating func encode(_ ids: Span<UInt32>, slot: Int = 0, _ model: borrowing Model) {
    guard ids.count > 0 else {
      lengths.pointer[slot] = SlotLengths(source: 0, target: 0)
      return
    }
    beginEncoding(ids, model)
    for layer in 0..<model.architecture.encoderLayers { encoderLayer(layer, model) }
    finishEncoding(slot: slot, model)
  }

  /// Embeds the source: the encoder's input.
  public mutating func beginEncoding(_ ids: Span<UInt32>, _ model: borrowing Model) {
    precondition(ids.count > 0 && ids.count <= limits.source, "a source has 1 to `limits.source` tokens")
    sourceCount = ids.count
    let width = model.architecture.width
    for index in 0..<ids.count {
      let id = Int(truncatingIfNeeded: ids[index])
      precondition(id < model.architecture.sourceVocabulary, "a source token lies in the vocabulary")
      embed(
        id, position: index, model.sourceEmbedding, model.encoderNorms.embedding, model,
        into: hidden.pointer + index * width)
    }
  }

  /// The final norm, if there is one, then keys and values for the decoder's encoder-decoder attention: computed
  /// once for a source.
  public mutating func finishEncoding(slot: Int = 0, _ model: borrowing Model) {
    precondition(slot >= 0 && slot < limits.batch, "there are `limits.batch` slots")
    let width = model.architecture.width
    var start = 0
    while start < sourceCount {
      let count = min(tokensPerBlock, sourceCount - start)
      let x = hidden.pointer + start * width
      if let norm = model.encoderNorms.final { normalize(x, count: count, norm, model, into: x) }
      for layer in 0..<model.architecture.decoderLayers {
        rememberSource(x, start: start, count: count, slot: slot, layer: layer, model)
      }
      start += count
    }
    lengths.pointer[slot] = SlotLengths(source: sourceCount, target: 0)
  }

  /// Keys and values of a block of source tokens for one decoder layer.
  private mutating func rememberSource(
    _ x: UnsafePointer<Float>, start: Int, count: Int, slot: Int, layer: Int, _ model: borrowing Model
  ) {
    let weights = model.decoder.pointer[layer].crossKeyValue
    linear(weights, x, count: count, into: projections.pointer)
    remember(
      projections.pointer, stride: weights.outputStride, start: start, count: count, in: crossCache.view,
      layer: layer, slot: slot)
  }

  /// Quantises keys and values of a block of source tokens into a cache.
  @inline(never)
  mutating func remember(
    _ keys: UnsafePointer<Float>, stride: Int, start: Int, count: Int, in cache: KeyValueView, layer: Int,
    slot: Int
  ) {
    withUnsafePointer(to: kernels) { kernels in
      threads.share(
        Remembering(
          kernels: kernels, cache: cache, layer: layer, slot: slot, keys: keys, stride: stride, start: start,
          count: count))
    }
  }

  /// How many tokens the source in a slot has.
  public func sourceCount(slot: Int) -> Int {
    precondition(slot >= 0 && slot < limits.batch, "there are `limits.batch` slots")
    return lengths.pointer[slot].source
  }

  /// The encoder's states after the last layer that ran: `[sourceCount][width]`.
  public var encoderStates: Span<Float> {
    @_lifetime(borrow self)
    get { hidden.span }
  }
}
