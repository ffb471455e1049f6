import Foundation
import SwiftletFamilies
import SwiftletSources
import SwiftletTokenizers

extension TokenizerSections {
  /// Checks that each side has as many tokens as the model: no program would run the file.
  ///
  /// - Throws: `ConversionError.unsupported` with both counts, or `TokenizerError`.
  func checkVocabularies(of model: ImportedModel) throws {
    let a = model.architecture
    for (side, section, size) in [
      ("source", source, a.sourceVocabulary), ("target", target ?? source, a.targetVocabulary),
    ] {
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: section.count, alignment: 8)
      defer { unsafe memory.deallocate() }
      unsafe memory.copyBytes(from: section)
      let count = unsafe try Tokenizer(section: UnsafeRawBufferPointer(memory)).vocabularySize
      guard count == size else {
        throw ConversionError.unsupported(
          "\(model.directory): the \(side)'s tokenizer has \(count) tokens, the model \(size)")
      }
    }
  }
}

/// The sections of a model's tokenizers.
func tokenizerSections(of model: ImportedModel) throws -> TokenizerSections {
  let size = model.architecture.sourceVocabulary
  switch model.metadata("family") {
  case "ctranslate2": return try ctranslate2Sections(of: model)
  case "marian": return TokenizerSections(source: try marianSection(of: model))
  case "llama2c": return TokenizerSections(source: try llama2Section(of: model))
  case "camembert", "m2m_100", "mbart", "xlm-roberta":
    return TokenizerSections(source: try renumberedSection(of: model))
  case "bart":
    if let sections = try graphemeSections(of: model) { return sections }
    fallthrough
  default:
    return TokenizerSections(source: try tokenizerSection(directory: model.directory, size: size))
  }
}

/// Of families whose ids are not those of their SentencePiece model: only `tokenizer.json` has both. The token of the
/// source's language in its template is one that a caller can replace.
private func renumberedSection(of model: ImportedModel) throws -> [UInt8] {
  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(model.directory)/\(name)")
  }
  let size = model.architecture.sourceVocabulary
  guard exists("tokenizer.json") else {
    for name in ["sentencepiece.bpe.model", "spiece.model", "tokenizer.model"] where exists(name) {
      throw ConversionError.unsupported(
        "\(model.directory)/\(name): the ids of this family are not those of its SentencePiece model, and there is no tokenizer.json (transformers' AutoTokenizer writes one with save_pretrained)"
      )
    }
    return try tokenizerSection(directory: model.directory, size: size)
  }
  var language: String?
  if case .string(let code)? = try HuggingFaceDirectory(path: model.directory).tokenizer?.object["src_lang"] {
    language = code
  }
  return try tokenizerSection(directory: model.directory, size: size, language: language)
}

/// llama2.c's: `tokenizer.bin`, or named after the vocabulary's size, `tok512.bin`.
private func llama2Section(of model: ImportedModel) throws -> [UInt8] {
  let size = model.architecture.targetVocabulary
  let names = ["tokenizer.bin", "tok\(size).bin"].map { "\(model.directory)/\($0)" }
  guard let path = names.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
    throw ConversionError.unsupported("there is no tokenizer: \(names.joined(separator: ", "))")
  }
  return try llama2TokenizerSection(path: path, count: size)
}

/// Marian's: two SentencePiece models, and a vocabulary that gives their pieces ids.
private func marianSection(of model: ImportedModel) throws -> [UInt8] {
  let directory = model.directory
  let text = try HuggingFaceDirectory(path: directory).marianTokenizerConfiguration()
  guard !text.separatesVocabularies else {
    throw ConversionError.unsupported("\(directory)/tokenizer_config.json: separate_vocabs is not supported")
  }
  func bytes(_ name: String) throws -> [UInt8] { try fileBytes("\(directory)/\(name)") }
  func pieces(_ name: String) throws -> SentencePieceModel {
    do { return try SentencePieceModel(try bytes(name)) } catch let error as SentencePieceError {
      throw ConversionError.unsupported("\(directory)/\(name): \(error)")
    }
  }
  let vocabulary: Vocabulary
  do { vocabulary = try Vocabulary(json: try bytes("vocab.json")) } catch let error as VocabularyError {
    throw ConversionError.unsupported("\(directory)/vocab.json: \(error)")
  }
  let size = model.architecture.sourceVocabulary
  guard vocabulary.count == size else {
    throw ConversionError.unsupported(
      "\(directory)/vocab.json has \(vocabulary.count) tokens, config.json's vocab_size is \(size)")
  }
  guard let unknown = vocabulary[TokenText(text.unknownToken)] else {
    throw ConversionError.unsupported("\(directory)/vocab.json has no token \(text.unknownToken)")
  }
  let decoding = model.decoding
  return try unigramSection(
    model: try pieces("source.spm"), vocabulary: vocabulary, unknownID: unknown,
    target: try pieces("target.spm"),
    silentIDs: Set([decoding.endToken, decoding.paddingToken, decoding.startToken].compactMap { $0 }),
    after: [decoding.endToken].compactMap { $0 }, takesLanguageCodes: true)
}
