import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// Decodes one token of the sequence in slot 0, the one that came before (first the start token), and leaves the
  /// logits of the next.
  ///
  /// The slot's source was encoded, and fewer than `limits.target` steps ran since then.
  public mutating func step(_ id: Int, _ model: borrowing Model) {
    beginStep(id, model)
    for layer in 0..<model.architecture.decoderLayers { decoderLayer(layer, model) }
    finishStep(model)
  }

  /// Decodes tokens of several sequences together: `slots` says of which, `ids` has the tokens, each of which comes
  /// after those that its sequence has read. Several tokens of one sequence stand in their order. Weights are read once
  /// for all; the results are those of one token a step, bit for bit.
  ///
  /// Leaves the logits of the token after each sequence's last: they are the scored rows, in order.
  ///
  /// - Parameters:
  ///   - ids: At most `limits.rows`.
  ///   - scoresAll: Whether the logits after every one of the tokens are wanted, which are then at most
  ///     `limits.scoredRows`.
  @inline(never)
  public mutating func step(
    _ ids: Span<UInt32>, slots: Span<UInt32>, scoresAll: Bool = false, _ model: borrowing Model
  ) {
    precondition(
      ids.count == slots.count && ids.count <= limits.rows, "a step has at most `limits.rows` rows")
    rowCount = 0
    for index in 0..<ids.count {
      addRow(Int(truncatingIfNeeded: ids[index]), slot: Int(truncatingIfNeeded: slots[index]), model)
    }
    for layer in 0..<model.architecture.decoderLayers { decoderLayer(layer, model) }
    finishStep(scoresAll: scoresAll, model)
  }

  /// Reads tokens of one sequence, in blocks, without scoring what comes after them: a prompt, but for its last token.
  public mutating func read(
    _ ids: Slice<UnsafeBufferPointer<UInt32>>, slot: Int, _ model: borrowing Model
  ) {
    var start = unsafe ids.startIndex
    while unsafe start < ids.endIndex {
      let end = unsafe min(start + limits.rows, ids.endIndex)
      rowCount = 0
      for index in start..<end { unsafe addRow(Int(truncatingIfNeeded: ids[index]), slot: slot, model) }
      for layer in 0..<model.architecture.decoderLayers { decoderLayer(layer, model) }
      start = end
    }
  }

  /// Embeds the token of slot 0: the decoder's input.
  public mutating func beginStep(_ id: Int, _ model: borrowing Model) {
    rowCount = 0
    addRow(id, slot: 0, model)
  }

  private mutating func addRow(_ id: Int, slot: Int, _ model: borrowing Model) {
    precondition(slot >= 0 && slot < limits.slots, "there are `limits.slots` slots")
    let position = unsafe slots.pointer[slot].target
    precondition(position < limits.target, "a target has at most `limits.target` tokens")
    precondition(id >= 0 && id < model.architecture.targetVocabulary, "a target token lies in the vocabulary")
    pool.prepare(slot, position: position, in: selfCache.view)
    unsafe slots.pointer[slot].target = position + 1
    unsafe rows.pointer[rowCount] = StepRow(
      slot: UInt32(truncatingIfNeeded: slot), position: UInt32(truncatingIfNeeded: position))
    unsafe embed(
      id, position: position, model.targetEmbedding, model.decoderStack, model,
      into: states.pointer + rowCount * model.architecture.width)
    rowCount += 1
  }

  /// The final norm, if there is one, and the projection to the vocabulary, for the rows whose next token is asked for.
  public mutating func finishStep(scoresAll: Bool = false, _ model: borrowing Model) {
    moveScoredRows(scoresAll, width: model.architecture.width)
    if let norm = model.decoderStack.finalNorm {
      unsafe normalize(states.pointer, count: scoredCount, norm, model, into: states.pointer)
    }
    scoreVocabulary(model)
    let decoding = model.file.decoding
    for row in 0..<scoredCount {
      let logits = unsafe logits.pointer + row * model.output.outputStride
      for index in 0..<decoding.suppressedCount {
        unsafe logits[decoding.suppressedToken(index)] = -Float.greatestFiniteMagnitude
      }
    }
  }

  /// Moves the states of the rows to score to the front: all, or the last of each sequence.
  private mutating func moveScoredRows(_ all: Bool, width: Int) {
    scoredCount = 0
    for index in 0..<rowCount {
      let row = unsafe rows.pointer[index]
      let slot = unsafe slots.pointer[Int(truncatingIfNeeded: row.slot)]
      guard all || Int(truncatingIfNeeded: row.position) + 1 == slot.target else { continue }
      precondition(scoredCount < limits.scoredRows, "a step scores at most `limits.scoredRows` rows")
      if scoredCount < index {
        unsafe (states.pointer + scoredCount * width).update(
          from: states.pointer + index * width, count: width)
      }
      scoredCount += 1
    }
  }

  /// The decoder's states after the last layer that ran: `[rows][width]`, and after the step those of the rows that
  /// were scored.
  public var decoderStates: Span<Float> {
    @_lifetime(borrow self)
    get { states.span }
  }

  /// The logits of one of the rows that the step scored: `[targetVocabulary]`. Valid until the next step.
  public func logits(row: Int, _ model: borrowing Model) -> UnsafePointer<Float> {
    precondition(row >= 0 && row < scoredCount, "the step scored `scoredCount` rows")
    return unsafe UnsafePointer(logits.pointer + row * model.output.outputStride)
  }

  /// The logits of the first row that the step scored: `[targetVocabulary]`, and padding.
  public var nextLogits: Span<Float> {
    @_lifetime(borrow self)
    get { logits.span }
  }
}
