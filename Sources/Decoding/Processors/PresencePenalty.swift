extension LogitsRow {
  /// Makes tokens that were chosen less likely: x − presence − n · frequency for a token that was chosen n times
  /// (OpenAI's `presence_penalty` and `frequency_penalty`).
  ///
  /// - Parameter counts: Scratch, zero for every token, and zero again afterwards.
  func penalize(presence: Float, frequency: Float, counts: UnsafeMutablePointer<UInt16>) {
    let first = historyCount - chosenCount
    for index in first..<historyCount where token(index) < vocabulary { counts[token(index)] &+= 1 }
    for index in first..<historyCount {
      let token = token(index)
      guard token < vocabulary, counts[token] > 0 else { continue }
      values[token] -= presence + Float(Int(counts[token])) * frequency
      counts[token] = 0
    }
  }
}
