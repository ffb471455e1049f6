extension LogitsRow {
  /// Makes tokens that were read less likely, each once, however often it was read: x / penalty where x is positive,
  /// else x · penalty (Keskar et al. 2019, "CTRL"; transformers' `repetition_penalty`).
  ///
  /// - Parameter counts: Scratch, zero for every token, and zero again afterwards.
  func penalizeRepetitions(_ penalty: Float, counts: UnsafeMutablePointer<UInt16>) {
    for index in 0..<historyCount {
      let token = token(index)
      guard token < vocabulary, unsafe counts[token] == 0 else { continue }
      unsafe counts[token] = 1
      let value = unsafe values[token]
      unsafe values[token] = value > 0 ? value / penalty : value * penalty
    }
    for index in 0..<historyCount where token(index) < vocabulary { unsafe counts[token(index)] = 0 }
  }
}
