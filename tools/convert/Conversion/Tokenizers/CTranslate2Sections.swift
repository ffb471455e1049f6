import Foundation
import SwiftletFamilies
import SwiftletSources

/// The sections of a model of CTranslate2, which has lists of tokens and leaves it to others to cut texts.
///
/// - `sentencepiece.model`, or `source.spm` and `target.spm`, there or beside the directory `model`, as packages of Argos
///   Translate have it: what they cut is looked up in the lists.
/// - Otherwise tokens, but those in `<>`, may all be single characters.
/// - Otherwise what a directory of Hugging Face may have.
///
/// - Throws: What can't be read, or would make other tokens; `bpe.model`, Argos Translate's tokens of Moses.
func ctranslate2Sections(of model: ImportedModel) throws -> TokenizerSections {
  guard let tokens = model.tokens else { preconditionFailure("an importer of lists gives them") }
  var folders = [model.directory]
  if (model.directory as NSString).lastPathComponent == "model" {
    folders.append((model.directory as NSString).deletingLastPathComponent)
  }
  func path(_ name: String) -> String? {
    folders.map { "\($0)/\(name)" }.first { FileManager.default.fileExists(atPath: $0) }
  }
  if let path = path("sentencepiece.model") {
    let pieces = try pieces(path)
    return try ListedPieces(tokens: tokens, source: pieces, target: pieces).sections()
  }
  if let source = path("source.spm"), let target = path("target.spm") {
    return try ListedPieces(tokens: tokens, source: try pieces(source), target: try pieces(target)).sections()
  }
  if let path = path("bpe.model") {
    throw ConversionError.unsupported("\(path): tokens of Moses, cut into byte pairs, are not supported")
  }
  if (tokens.source + tokens.target).allSatisfy({ isInBrackets($0) || isCharacter($0) }) {
    return try characterSections(tokens)
  }
  do {
    return TokenizerSections(
      source: try tokenizerSection(directory: model.directory, size: model.architecture.sourceVocabulary))
  } catch {
    guard case .notFound(let directory, let looked) = error else { throw error }
    throw ConversionError.unsupported(
      "\(directory) has no sentencepiece.model, no source.spm with target.spm, none of \(looked)")
  }
}

private func pieces(_ path: String) throws -> SentencePieceModel {
  do { return try SentencePieceModel(try fileBytes(path)) } catch let error as SentencePieceError {
    throw ConversionError.unsupported("\(path): \(error)")
  }
}

/// Lists of tokens whose texts are the pieces of SentencePiece models.
private struct ListedPieces {
  let tokens: TokenLists
  let source, target: SentencePieceModel

  /// One section if both sides have the same list, else two.
  func sections() throws -> TokenizerSections {
    let isShared = tokens.source == tokens.target
    let first = try section(
      tokens.source, source, decodedBy: isShared ? target : source, before: tokens.before, after: tokens.after
    )
    if isShared { return TokenizerSections(source: first) }
    return TokenizerSections(
      source: first, target: try section(tokens.target, target, decodedBy: target, before: [], after: []))
  }

  private func section(
    _ texts: [TokenText], _ pieces: SentencePieceModel, decodedBy decoder: SentencePieceModel, before: [Int],
    after: [Int]
  ) throws -> [UInt8] {
    let unknown = texts.firstIndex(of: tokens.source[tokens.unknown]) ?? texts.count - 1
    let vocabulary: Vocabulary
    do { vocabulary = try Vocabulary(texts: texts) } catch {
      throw ConversionError.unsupported("the vocabulary: \(error)")
    }
    // What the lists have in brackets, and no text is cut into: `<blank>`, the begin and the end.
    let silent = texts.indices.filter { id in
      id != unknown && isInBrackets(texts[id])
        && decoder.piece(of: texts[id]).map { $0.kind == .control } ?? true
    }
    return try unigramSection(
      model: pieces, vocabulary: vocabulary, unknownID: unknown, target: decoder, silentIDs: Set(silent),
      before: before, after: after)
  }
}

/// Lists of characters.
private func characterSections(_ tokens: TokenLists) throws -> TokenizerSections {
  func section(_ texts: [TokenText], before: [Int], after: [Int]) throws -> [UInt8] {
    try characterSection(
      texts: texts.map(\.description), controlIDs: Set(texts.indices.filter { isInBrackets(texts[$0]) }),
      unknownID: texts.firstIndex(of: tokens.source[tokens.unknown]), before: before, after: after)
  }
  return TokenizerSections(
    source: try section(tokens.source, before: tokens.before, after: tokens.after),
    target: try section(tokens.target, before: [], after: []))
}

/// Whether a token is none of the text's: `<blank>`, `<s>`.
private func isInBrackets(_ token: TokenText) -> Bool {
  token.bytes.count > 2 && token.bytes.first == UInt8(ascii: "<") && token.bytes.last == UInt8(ascii: ">")
}

private func isCharacter(_ token: TokenText) -> Bool {
  String(validating: token.bytes, as: UTF8.self)?.unicodeScalars.count == 1
}
