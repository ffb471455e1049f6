import Foundation
import SwiftletSources

/// Builds the tokenizer section of a model directory, from what lies there.
///
/// The first of these that is there wins, since it says most about ids:
///
/// 1. `tokenizer.json`: everything, with added tokens and the template.
/// 2. `tokenizer.model`, `spiece.model`, `sentencepiece.bpe.model`: a SentencePiece model whose ids are the model's,
///    with `add_bos_token`, `add_eos_token` of `tokenizer_config.json`.
/// 3. `vocab.json` and `merges.txt`: byte-level BPE as GPT-2 has it.
/// 4. `vocab.txt`: word pieces as BERT has them, with `do_lower_case` of `tokenizer_config.json`.
///
/// A Marian model's `source.spm` and `vocab.json` are `MarianImporter`'s.
///
/// - Parameters:
///   - directory: The directory.
///   - size: How many ids the model has, where it may have more than the tokenizer: the rest become empty tokens.
///   - language: The token of the template that stands for the source's language, and that a caller can replace:
///     NLLB's `eng_Latn`. Only for a `tokenizer.json`.
/// - Returns: The section.
/// - Throws: `TokenizerSourceError`: what can't be read, or would make other tokens than the reference.
public func tokenizerSection(
  directory: String, size: Int? = nil, language: String? = nil
) throws(TokenizerSourceError) -> [UInt8] {
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(directory)/\(name)") }
  if exists("tokenizer.json") {
    return try tokenizerSection(file: "\(directory)/tokenizer.json", size: size, language: language)
  }
  let configuration = try TokenizerConfiguration(directory)
  for name in ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"] where exists(name) {
    let path = "\(directory)/\(name)"
    return try finish(try sentencePiece(path, configuration), path)
  }
  if exists("vocab.json") && exists("merges.txt") {
    return try finish(
      try gpt2(vocabulary: "\(directory)/vocab.json", merges: "\(directory)/merges.txt", configuration),
      "\(directory)/vocab.json")
  }
  if exists("vocab.txt") {
    let path = "\(directory)/vocab.txt"
    return try finish(try wordPieces(path, configuration), path)
  }
  throw .notFound(
    directory: directory,
    looked:
      "tokenizer.json, tokenizer.model, spiece.model, sentencepiece.bpe.model, vocab.json with merges.txt, vocab.txt"
  )
}

/// Builds the tokenizer section of a `tokenizer.json`.
///
/// - Parameters:
///   - size: How many ids the model has, where it may have more than the tokenizer.
///   - language: The token of the template that stands for the source's language, and that a caller can replace:
///     NLLB's `eng_Latn`.
public func tokenizerSection(
  file: String, size: Int? = nil, language: String? = nil
) throws(TokenizerSourceError) -> [UInt8] {
  let json = try TokenizerJSON(try jsonFile(file), size: size)
  var section = try json.section()
  if let language {
    guard let id = json.id(of: language), let place = section.single.firstIndex(of: .token(id, segment: 0))
    else {
      throw .unsupported(file: file, at: "post_processor", "a template without the token \(language)")
    }
    section.single[place] = .language(id)
  }
  return try finish(section, file)
}

/// Builds the tokenizer section of a llama2.c `tokenizer.bin`; `<s>` stands before each text.
///
/// - Parameter count: How many tokens the model has.
public func llama2TokenizerSection(
  path: String, count: Int? = nil
) throws(TokenizerSourceError) -> [UInt8] {
  let model: SentencePieceModel
  let bytes = try fileBytes(path)
  do throws(Llama2VocabularyError) { model = try SentencePieceModel(llama2: bytes, count: count) } catch {
    throw .llama2(file: path, error)
  }
  return try inSection(of: path) { () throws(UnigramSectionError) in
    try sentencePieceSection(model, before: [1])
  }
}

private func finish(
  _ section: TokenizerSection, _ file: String
) throws(TokenizerSourceError) -> [UInt8] {
  try inSection(of: file, section.section)
}

func jsonFile(_ path: String) throws(TokenizerSourceError) -> JSONFile {
  do throws(SourceError) { return try JSONFile(path: path) } catch { throw .source(error) }
}

func fileBytes(_ path: String) throws(TokenizerSourceError) -> [UInt8] {
  do throws(SourceError) {
    let source = try MappedSource(path: path, most: SourceLimits.textBytes)
    return unsafe source.withBytes(0..<source.count) { unsafe Array($0) }
  } catch { throw .source(error) }
}

private func sentencePiece(
  _ path: String, _ configuration: TokenizerConfiguration
) throws(TokenizerSourceError) -> TokenizerSection {
  let bytes = try fileBytes(path)
  let model: SentencePieceModel
  do throws(SentencePieceError) {
    model = try SentencePieceModel(bytes, types: [.unigram, .bytePairs])
  } catch {
    throw .pieces(file: path, error)
  }
  var section = try inSection(of: path) { () throws(UnigramSectionError) in try TokenizerSection(model) }
  func id(_ text: String) throws(TokenizerSourceError) -> Int {
    guard let id = model.reserved[TokenText(text)] else {
      throw .unsupported(file: path, at: "the pieces", "a model without control piece \(text)")
    }
    return id
  }
  // Llama's defaults; T5 and its kin have no <s>.
  let hasBegin = model.reserved[TokenText(configuration.begin)] != nil
  let addsBegin = configuration.addsBegin ?? hasBegin
  let addsEnd = configuration.addsEnd ?? !hasBegin
  section.surround(
    before: addsBegin ? [try id(configuration.begin)] : [], after: addsEnd ? [try id(configuration.end)] : [])
  return section
}

/// `vocab.json` and `merges.txt` as one `tokenizer.json` of GPT-2.
private func gpt2(
  vocabulary: String, merges: String, _ configuration: TokenizerConfiguration
) throws(TokenizerSourceError) -> TokenizerSection {
  let tokens: Vocabulary
  let json = try fileBytes(vocabulary)
  do throws(VocabularyError) { tokens = try Vocabulary(json: json) } catch {
    throw .vocabulary(file: vocabulary, error)
  }
  var lines: [StrictJSON] = []
  for line in try textLines(merges) where !line.hasPrefix("#version") && !line.isEmpty {
    lines.append(.string(line))
  }
  let isBERTLike = tokens["<s>"] != nil && tokens["</s>"] != nil && tokens["<mask>"] != nil
  var parts: [(String, StrictJSON)] = [
    (
      "model",
      .make([
        ("type", .string("BPE")), ("merges", .array(lines)),
        ("vocab", .make(tokens.texts.enumerated().map { ($1.description, .integer($0)) })),
      ])
    ),
    (
      "pre_tokenizer",
      .make([("type", .string("ByteLevel")), ("add_prefix_space", .bool(configuration.addsSpace))])
    ),
    ("decoder", .make([("type", .string("ByteLevel"))])),
    (
      "added_tokens",
      .array(specialTokens(tokens, ["<|endoftext|>", "<s>", "<pad>", "</s>", "<unk>", "<mask>"]))
    ),
  ]
  if isBERTLike, let first = tokens["<s>"], let last = tokens["</s>"] {
    // RoBERTa's template.
    parts.append(
      (
        "post_processor",
        .make([
          ("type", .string("RobertaProcessing")), ("cls", .array([.string("<s>"), .integer(first)])),
          ("sep", .array([.string("</s>"), .integer(last)])),
        ])
      ))
  }
  return try TokenizerJSON(JSONNode(file: merges, place: "", value: .make(parts))).section()
}

/// `vocab.txt` as one `tokenizer.json` of BERT.
private func wordPieces(
  _ path: String, _ configuration: TokenizerConfiguration
) throws(TokenizerSourceError) -> TokenizerSection {
  let tokens: Vocabulary
  let lines = try textLines(path)
  do throws(VocabularyError) { tokens = try Vocabulary(texts: lines.map { TokenText($0) }) } catch {
    throw .vocabulary(file: path, error)
  }
  guard let first = tokens["[CLS]"], let last = tokens["[SEP]"] else {
    throw .unsupported(file: path, at: "the tokens", "a vocabulary without [CLS] and [SEP]")
  }
  let root = StrictJSON.make([
    (
      "model",
      .make([
        ("type", .string("WordPiece")), ("unk_token", .string("[UNK]")),
        ("vocab", .make(tokens.texts.enumerated().map { ($1.description, .integer($0)) })),
      ])
    ),
    (
      "normalizer",
      .make([
        ("type", .string("BertNormalizer")), ("lowercase", .bool(configuration.lowercases)),
        ("handle_chinese_chars", .bool(configuration.isolatesIdeographs)),
        ("strip_accents", configuration.stripsAccents.map { .bool($0) } ?? .null),
      ])
    ),
    ("pre_tokenizer", .make([("type", .string("BertPreTokenizer"))])),
    (
      "decoder", .make([("type", .string("WordPiece")), ("prefix", .string("##")), ("cleanup", .bool(true))])
    ),
    ("added_tokens", .array(specialTokens(tokens, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]))),
    (
      "post_processor",
      .make([
        ("type", .string("BertProcessing")), ("cls", .array([.string("[CLS]"), .integer(first)])),
        ("sep", .array([.string("[SEP]"), .integer(last)])),
      ])
    ),
  ])
  return try TokenizerJSON(JSONNode(file: path, place: "", value: root)).section()
}

private func specialTokens(_ tokens: Vocabulary, _ texts: [String]) -> [StrictJSON] {
  texts.compactMap { text in
    tokens[TokenText(text)].map { id in
      .make([
        ("id", .integer(id)), ("content", .string(text)), ("special", .bool(true)),
        ("normalized", .bool(false)),
        ("lstrip", .bool(text == "<mask>")),
      ])
    }
  }
}

/// The lines of a text file, without an empty one at its end.
private func textLines(_ path: String) throws(TokenizerSourceError) -> [String] {
  let bytes = try fileBytes(path)
  let count = bytes.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
  guard count <= SourceLimits.lines else {
    throw .malformed(
      file: path, at: "the file", expected: "at most \(SourceLimits.lines) lines", found: "\(count) lines")
  }
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw .malformed(file: path, at: "the file", expected: "UTF-8", found: "other bytes")
  }
  var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    String(line.last == "\r" ? line.dropLast() : line)
  }
  if lines.last?.isEmpty == true { lines.removeLast() }
  return lines
}
