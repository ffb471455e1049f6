import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// Decodes one token of the sentence in slot 0, the one that came before (first the start token), and leaves the
  /// logits of the next.
  ///
  /// The slot's source was encoded, and fewer than `limits.target` steps ran since then.
  public mutating func step(_ id: Int, _ model: borrowing Model) {
    beginStep(id, model)
    for layer in 0..<model.architecture.decoderLayers { decoderLayer(layer, model) }
    finishStep(model)
  }

  /// Decodes one token of each of several sentences together: `slots` says which, `ids` has the token that came
  /// before in each. Weights are read once for all; the results are those of steps one by one, bit for bit.
  public mutating func step(_ ids: Span<UInt32>, slots: Span<UInt32>, _ model: borrowing Model) {
    precondition(ids.count == slots.count && ids.count <= limits.batch, "a step is for at most all slots")
    rowCount = 0
    for index in 0..<ids.count {
      addRow(Int(truncatingIfNeeded: ids[index]), slot: Int(truncatingIfNeeded: slots[index]), model)
    }
    for layer in 0..<model.architecture.decoderLayers { decoderLayer(layer, model) }
    finishStep(model)
  }

  /// Embeds the token of slot 0: the decoder's input.
  public mutating func beginStep(_ id: Int, _ model: borrowing Model) {
    rowCount = 0
    addRow(id, slot: 0, model)
  }

  private mutating func addRow(_ id: Int, slot: Int, _ model: borrowing Model) {
    precondition(slot >= 0 && slot < limits.batch, "there are `limits.batch` slots")
    let position = lengths.pointer[slot].target
    precondition(position < limits.target, "a target has at most `limits.target` tokens")
    precondition(id >= 0 && id < model.architecture.targetVocabulary, "a target token lies in the vocabulary")
    rows.pointer[rowCount] = UInt32(truncatingIfNeeded: slot)
    embed(
      id, position: position, model.targetEmbedding, model.decoderNorms.embedding, model,
      into: states.pointer + rowCount * model.architecture.width)
    rowCount += 1
  }

  /// The final norm, if there is one, and the projection to the vocabulary.
  public mutating func finishStep(_ model: borrowing Model) {
    if let norm = model.decoderNorms.final {
      normalize(states.pointer, count: rowCount, norm, model, into: states.pointer)
    }
    linear(model.output, states.pointer, count: rowCount, into: logits.pointer)
    let decoding = model.file.decoding
    for row in 0..<rowCount {
      lengths.pointer[Int(truncatingIfNeeded: rows.pointer[row])].target += 1
      let logits = logits.pointer + row * model.output.outputStride
      for index in 0..<decoding.suppressedCount {
        logits[decoding.suppressedToken(index)] = -Float.greatestFiniteMagnitude
      }
    }
  }

  /// The decoder's states after the last layer that ran: `[rows][width]`.
  public var decoderStates: Span<Float> {
    @_lifetime(borrow self)
    get { states.span }
  }

  /// The logits of the step's first row: `[targetVocabulary]`, and padding.
  public var nextLogits: Span<Float> {
    @_lifetime(borrow self)
    get { logits.span }
  }
}
