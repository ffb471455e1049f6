import Foundation
import SwiftletFamilies
import SwiftletSources

/// A BART model from spelling to sounds: its configuration lists the characters of both sides, in the order of their ids,
/// with those of padding, `<s>`, `</s>` and `<unk>` before them. Nil if it lists none.
func graphemeSections(of model: ImportedModel) throws -> TokenizerSections? {
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
