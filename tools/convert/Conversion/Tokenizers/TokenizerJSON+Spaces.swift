import SwiftletSources

extension TokenizerJSON {
  /// How text is normalised where `▁` stands for a space, in sentencepiece's terms.
  struct SpaceText {
    var normalizer = SentencePieceModel.Normalizer()
    var options: TokenizerSection.Options = []
    /// Whether words are cut at each `▁` before they become tokens.
    var splits = false
  }

  /// What normaliser and pre-tokeniser make of white space: Llama's, or Metaspace after rules.
  ///
  /// Rules of a `Precompiled` normaliser are taken as sentencepiece applies them: the longest text that there is a rule
  /// for is replaced. (Hugging Face's tokenizers apply them to graphemes of up to 5 bytes, and there the shortest.)
  func spaceText() throws(TokenizerSourceError) -> SpaceText {
    var text = SpaceText()
    text.normalizer.addDummyPrefix = false
    text.normalizer.removeExtraWhitespaces = false
    var steps = try normalizerSteps()
    var words = try preTokenizerSteps()
    if steps == [.prepend("▁"), .replace(" ", "▁")] && words.isEmpty {
      text.normalizer.addDummyPrefix = true
      return text
    }
    if case .charsmap(let charsmap) = steps.first {
      text.normalizer.precompiledCharsmap = charsmap
      steps.removeFirst()
    }
    if words.first == .whitespace {
      text.normalizer.removeExtraWhitespaces = true
      words.removeFirst()
    }
    switch steps {
    case []: break
    case [.strip(left: false, right: true), .replacePattern(" {2,}", "▁")]:
      text.normalizer.removeExtraWhitespaces = true
    default: throw refused("normalizer", for: "pieces with ▁")
    }
    guard words.count == 1, case .metaspace(let scheme, let splits) = words[0] else {
      throw refused("pre_tokenizer", for: "pieces with ▁")
    }
    text.splits = splits
    try setPrefix(scheme, &text)
    return text
  }

  /// Sets what Metaspace's `prepend_scheme` asks for.
  private func setPrefix(_ scheme: String, _ text: inout SpaceText) throws(TokenizerSourceError) {
    switch scheme {
    case "never": return
    case "always": break
    case "first": text.options.insert(.prefixesFirstOnly)
    default: throw root["pre_tokenizer"].unsupported("prepend_scheme \(scheme)")
    }
    text.normalizer.addDummyPrefix = true
    // Where spaces at the start go, there is none.
    if !text.normalizer.removeExtraWhitespaces { text.options.insert(.prefixesUnlessPresent) }
  }
}
