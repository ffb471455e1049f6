import SwiftletFamilies
import SwiftletSources

/// The sections of a model whose tokens are characters; nil if it is none.
func characterSections(of model: ImportedModel) throws -> TokenizerSections? {
  switch model.metadata("family") {
  case "bart": try graphemeSections(of: model)
  case "ctranslate2": try characterFileSections(of: model)
  default: nil
  }
}

/// A BART model from spelling to sounds: its configuration lists the characters of both sides, in the order of their ids,
/// with those of padding, `<s>`, `</s>` and `<unk>` before them.
private func graphemeSections(of model: ImportedModel) throws -> TokenizerSections? {
  let path = "\(model.directory)/config.json"
  let config = try JSONFile(path: path).object
  guard case .string(let graphemes) = config["grapheme_chars"],
    case .string(let phonemes) = config["phoneme_chars"]
  else { return nil }
  func id(_ key: String) -> Int? {
    if case .integer(let id) = config[key] { return Int(id) }
    return nil
  }
  guard let begin = id("bos_token_id"), let end = id("eos_token_id"), let padding = id("pad_token_id") else {
    throw ConversionError.unsupported(
      "\(path): grapheme_chars needs bos_token_id, eos_token_id and pad_token_id")
  }
  let (unknown, size) = (3, model.architecture.sourceVocabulary)
  func section(_ characters: String, _ key: String, isSource: Bool) throws -> [UInt8] {
    var texts = characters.unicodeScalars.map(String.init)
    guard texts.count <= size, texts.count > unknown else {
      throw ConversionError.unsupported(
        "\(path): \(key) has \(texts.count) characters, vocab_size is \(size)")
    }
    texts += Array(repeating: "", count: size - texts.count)
    return try characterSection(
      texts: texts, controlIDs: [begin, end, padding, unknown], unknownID: isSource ? unknown : nil,
      before: isSource ? [begin] : [], after: isSource ? [end] : [])
  }
  return TokenizerSections(
    source: try section(graphemes, "grapheme_chars", isSource: true),
    target: try section(phonemes, "phoneme_chars", isSource: false))
}

/// Vocabularies of CTranslate2 all of whose tokens, but those in `<>`, are single characters.
private func characterFileSections(of model: ImportedModel) throws -> TokenizerSections? {
  guard let lists = model.tokens, let source = characters(lists.source), let target = characters(lists.target)
  else { return nil }
  func section(_ tokens: [String], isSource: Bool) throws -> [UInt8] {
    try characterSection(
      texts: tokens, controlIDs: Set(tokens.indices.filter { isSpecial(tokens[$0]) }),
      unknownID: tokens.firstIndex(of: source[lists.unknown]), before: isSource ? lists.before : [],
      after: isSource ? lists.after : [])
  }
  return TokenizerSections(
    source: try section(source, isSource: true), target: try section(target, isSource: false))
}

/// The texts of tokens, if they are such; nil if one has several characters, or none.
private func characters(_ tokens: [TokenText]) -> [String]? {
  let texts = tokens.compactMap { String(validating: $0.bytes, as: UTF8.self) }
  let areCharacters = texts.allSatisfy { isSpecial($0) || $0.unicodeScalars.count == 1 }
  return texts.count == tokens.count && areCharacters ? texts : nil
}

/// Whether a token is none of the text's: `<blank>`, `<s>`.
private func isSpecial(_ token: String) -> Bool {
  token.unicodeScalars.count > 2 && token.hasPrefix("<") && token.hasSuffix(">")
}
