import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// Encodes a source: `ids` with the end token, at most `limits.source` of them, each below the vocabulary's size.
  ///
  /// Leaves the encoder's states, and as source number `source` the keys and values that every decoder layer takes from
  /// them. A sequence begins in the slot of the same number; `begin` begins others. Without ids the source is empty, and
  /// nothing can be decoded from it.
  ///
  /// - Parameter secondSegment: The first token of the second segment, where the model tells segments apart.
  public mutating func encode(
    _ ids: Span<UInt32>, source: Int = 0, secondSegment: Int = .max, _ model: borrowing Model
  ) {
    guard ids.count > 0 else {
      begin(source, source: source)
      unsafe sourceCounts.pointer[source] = 0
      return
    }
    beginEncoding(ids, secondSegment: secondSegment, model)
    for layer in 0..<model.architecture.encoderLayers { encoderLayer(layer, model) }
    finishEncoding(source: source, model)
  }

  /// Embeds the source: the encoder's input.
  public mutating func beginEncoding(
    _ ids: Span<UInt32>, secondSegment: Int = .max, _ model: borrowing Model
  ) {
    precondition(ids.count > 0 && ids.count <= limits.source, "a source has 1 to `limits.source` tokens")
    sourceCount = ids.count
    let width = model.architecture.width
    for index in 0..<ids.count {
      let id = Int(truncatingIfNeeded: ids[index])
      precondition(id < model.architecture.sourceVocabulary, "a source token lies in the vocabulary")
      unsafe embed(
        id, position: index, segment: index < secondSegment ? 0 : min(1, model.architecture.segments - 1),
        model.sourceEmbedding, model.encoderStack, model, into: hidden.pointer + index * width)
    }
  }

  /// The final norm, if there is one, then keys and values for the decoder's encoder-decoder attention: computed
  /// once for a source.
  public mutating func finishEncoding(source: Int = 0, _ model: borrowing Model) {
    begin(source, source: source)
    let width = model.architecture.width
    var start = 0
    while start < sourceCount {
      let count = min(tokensPerBlock, sourceCount - start)
      let x = unsafe hidden.pointer + start * width
      if let norm = model.encoderStack.finalNorm { unsafe normalize(x, count: count, norm, model, into: x) }
      for layer in 0..<model.architecture.decoderLayers {
        unsafe rememberSource(x, start: start, count: count, source: source, layer: layer, model)
      }
      start += count
    }
    unsafe sourceCounts.pointer[source] = sourceCount
  }

  /// Keys and values of a block of source tokens for one decoder layer.
  private mutating func rememberSource(
    _ x: UnsafePointer<Float>, start: Int, count: Int, source: Int, layer: Int, _ model: borrowing Model
  ) {
    guard let weights = unsafe model.decoder.pointer[layer].crossAttention?.keyValue else { return }
    unsafe linear(weights, x, count: count, into: projections.pointer)
    unsafe remember(
      projections.pointer, stride: weights.outputStride, start: start, count: count, in: crossCache.view,
      layer: layer, table: sourceTable(source))
  }

  /// Quantises keys and values of a block of source tokens into a cache.
  @inline(never)
  mutating func remember(
    _ keys: UnsafePointer<Float>, stride: Int, start: Int, count: Int, in cache: KeyValueView, layer: Int,
    table: UnsafePointer<UInt32>
  ) {
    unsafe withUnsafePointer(to: kernels) { kernels in
      unsafe threads.share(
        Remembering(
          kernels: kernels, cache: cache, layer: layer, table: table, keys: keys, stride: stride,
          start: start, count: count))
    }
  }

  /// The encoder's states after the last layer that ran: `[sourceCount][width]`.
  public var encoderStates: Span<Float> {
    @_lifetime(borrow self)
    get { hidden.span }
  }
}
