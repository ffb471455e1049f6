/// The logits, or log-probabilities, of all tokens in one place, and what was read before it: what processors change
/// before a token is chosen. A masked token has −∞.
@safe struct LogitsRow {
  let values: UnsafeMutablePointer<Float>
  /// How many tokens the vocabulary has.
  let vocabulary: Int
  /// What was read: the start token, the forced tokens, and those that were chosen.
  let history: UnsafePointer<UInt32>
  let historyCount: Int
  /// How many of these were chosen, the last ones.
  let chosenCount: Int

  /// Masks a token; one outside of the vocabulary is none.
  func mask(_ token: Int) {
    if token >= 0 && token < vocabulary { unsafe values[token] = -.infinity }
  }

  /// Masks all tokens but one, which becomes certain.
  func force(_ token: Int) {
    for index in 0..<vocabulary { unsafe values[index] = -.infinity }
    if token >= 0 && token < vocabulary { unsafe values[token] = 0 }
  }

  /// The `index`th token that was read.
  func token(_ index: Int) -> Int { unsafe Int(truncatingIfNeeded: history[index]) }
}
