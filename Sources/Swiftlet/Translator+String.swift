#if !hasFeature(Embedded)
  extension Translator {
    /// The translation of one sentence, for programs that have a heap: it allocates the two strings.
    ///
    /// - Throws: `SwiftletError` for a text that is too long; the translator stays usable.
    public mutating func translation(of sentence: String) throws(SwiftletError) -> String {
      let bytes = Array(sentence.utf8)
      try translate(bytes.span)
      let text = self.text
      return String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }
  }
#endif
