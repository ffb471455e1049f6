import Foundation
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
  let directory = model.directory
  guard let source = try lines(["source_vocabulary", "shared_vocabulary"], directory),
    let target = try lines(["target_vocabulary", "shared_vocabulary"], directory),
    (source + target).allSatisfy({ isSpecial($0) || $0.unicodeScalars.count == 1 })
  else { return nil }
  func section(_ tokens: [String], count: Int, isSource: Bool) throws -> [UInt8] {
    var texts = tokens
    // The unknown token has the last row, and no line.
    if texts.count == count - 1, !texts.contains("<unk>") { texts.append("<unk>") }
    guard texts.count == count else {
      throw ConversionError.unsupported(
        "\(directory): the vocabulary has \(tokens.count) tokens, the model \(count)")
    }
    func id(_ text: String) throws -> Int {
      guard let id = texts.firstIndex(of: text) else {
        throw ConversionError.unsupported("\(directory): the vocabulary has no \(text)")
      }
      return id
    }
    func isSet(_ key: String) -> Bool { isSource && model.metadata(key) == "true" }
    return try characterSection(
      texts: texts, controlIDs: Set(texts.indices.filter { isSpecial(texts[$0]) }),
      unknownID: texts.firstIndex(of: "<unk>"), before: isSet("add-source-bos") ? [try id("<s>")] : [],
      after: isSet("add-source-eos") ? [try id("</s>")] : [])
  }
  return TokenizerSections(
    source: try section(source, count: model.architecture.sourceVocabulary, isSource: true),
    target: try section(target, count: model.architecture.targetVocabulary, isSource: false))
}

/// Whether a token is none of the text's: `<blank>`, `<s>`.
private func isSpecial(_ token: String) -> Bool {
  token.unicodeScalars.count > 2 && token.hasPrefix("<") && token.hasSuffix(">")
}

/// The lines of the first vocabulary that is there, as text or as JSON.
private func lines(_ names: [String], _ directory: String) throws -> [String]? {
  for name in names {
    let path = "\(directory)/\(name)"
    if FileManager.default.fileExists(atPath: "\(path).json") {
      return try JSONFile.array(path: "\(path).json").compactMap {
        if case .string(let text) = $0 { return text }
        return nil
      }
    }
    guard FileManager.default.fileExists(atPath: "\(path).txt") else { continue }
    let bytes = try fileBytes("\(path).txt")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConversionError.unsupported("\(path).txt is not UTF-8")
    }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
  return nil
}
