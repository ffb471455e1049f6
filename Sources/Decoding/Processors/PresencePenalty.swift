extension LogitsRow {
  /// Makes tokens that were chosen less likely: x − presence − n · frequency for a token that was chosen n times
  /// (OpenAI's `presence_penalty` and `frequency_penalty`).
  ///
  /// - Parameter counts: Scratch, zero for every token, and zero again afterwards.
  func penalize(presence: Float, frequency: Float, counts: UnsafeMutablePointer<UInt16>) {
    let first = historyCount - chosenCount
    for index in first..<historyCount where token(index) < vocabulary { unsafe counts[token(index)] &+= 1 }
    for index in first..<historyCount {
      let token = token(index)
      guard token < vocabulary, unsafe counts[token] > 0 else { continue }
      unsafe values[token] -= presence + Float(Int(counts[token])) * frequency
      unsafe counts[token] = 0
    }
  }
}
