import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// Encodes a source: `ids` with the end token, 1 to `limits.source` of them, each below the vocabulary's size.
  ///
  /// Leaves the encoder's states, and the keys and values that every decoder layer takes from them; the decoder
  /// starts anew.
  public mutating func encode(_ ids: Span<UInt32>, _ model: borrowing Model) {
    beginEncoding(ids, model)
    for layer in 0..<model.architecture.encoderLayers { encoderLayer(layer, model) }
    finishEncoding(model)
  }

  /// Embeds the source: the encoder's input.
  public mutating func beginEncoding(_ ids: Span<UInt32>, _ model: borrowing Model) {
    precondition(ids.count > 0 && ids.count <= limits.source, "a source has 1 to `limits.source` tokens")
    sourceCount = ids.count
    targetCount = 0
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
  public func finishEncoding(_ model: borrowing Model) {
    let width = model.architecture.width
    let attention = model.architecture.attentionWidth
    forEachBlock { start, count in
      let x = hidden.pointer + start * width
      if let norm = model.encoderNorms.final { normalize(x, count: count, norm, model, into: x) }
      for layer in 0..<model.architecture.decoderLayers {
        let weights = model.decoder.pointer[layer].crossKeyValue
        linear(weights, x, count: count, into: projections)
        for token in 0..<count {
          let row = projections.pointer + token * weights.paddedRows
          crossCache.remember(
            keys: row, values: row + attention, token: start + token, layer: layer, kernels)
        }
      }
    }
  }

  /// The encoder's states after the last layer that ran: `[sourceCount][width]`.
  public var encoderStates: Span<Float> {
    @_lifetime(borrow self)
    get { hidden.span }
  }
}
