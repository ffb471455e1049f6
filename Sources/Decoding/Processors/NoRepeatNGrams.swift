extension LogitsRow {
  /// Masks the tokens that would end a sequence of `size` tokens that was read before (transformers'
  /// `no_repeat_ngram_size`).
  ///
  /// - Complexity: O(tokens read · size).
  func forbidRepeatedNGrams(of size: Int) {
    guard historyCount >= size else { return }
    let tail = historyCount - (size - 1)
    for start in 0..<historyCount - (size - 1) {
      var length = 0
      while length < size - 1, unsafe history[start + length] == history[tail + length] { length += 1 }
      if length == size - 1 { mask(token(start + size - 1)) }
    }
  }
}
