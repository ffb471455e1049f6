import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// Decodes one token, the one that came before (first the start token), and leaves the logits of the next.
  ///
  /// `encode` must have run, and fewer than `limits.target` steps since then.
  public mutating func step(_ id: Int, _ model: borrowing Model) {
    beginStep(id, model)
    for layer in 0..<model.architecture.decoderLayers { decoderLayer(layer, model) }
    finishStep(model)
  }

  /// Embeds the token: the decoder's input.
  public func beginStep(_ id: Int, _ model: borrowing Model) {
    precondition(targetCount < limits.target, "a target has at most `limits.target` tokens")
    precondition(id >= 0 && id < model.architecture.targetVocabulary, "a target token lies in the vocabulary")
    embed(
      id, position: targetCount, model.targetEmbedding, model.decoderNorms.embedding, model,
      into: token.pointer)
  }

  /// The final norm, if there is one, and the projection to the vocabulary.
  public mutating func finishStep(_ model: borrowing Model) {
    if let norm = model.decoderNorms.final {
      normalize(token.pointer, count: 1, norm, model, into: token.pointer)
    }
    linear(model.output, token.pointer, count: 1, into: logits)
    targetCount += 1
    for index in 0..<model.file.decoding.suppressedCount {
      logits.pointer[model.file.decoding.suppressedToken(index)] = -Float.greatestFiniteMagnitude
    }
  }

  /// The decoder's state after the last layer that ran: `[width]`.
  public var decoderState: Span<Float> {
    @_lifetime(borrow self)
    get { token.span }
  }

  /// The logits after the last step: `[targetVocabulary]`, and padding to 16.
  public var nextLogits: Span<Float> {
    @_lifetime(borrow self)
    get { logits.span }
  }

  /// The likeliest next token and its log-probability.
  public func likeliestNext(_ model: borrowing Model) -> Choice {
    kernels.likeliest(logits.pointer, model.architecture.targetVocabulary)
  }
}
