import Foundation
import SwiftletSources

/// What surrounds a model of CTranslate2: its vocabularies, and the tokens that begin and end texts.
struct CTranslate2Settings {
  /// ε of the norms, where it is stated.
  private(set) var normEpsilon: Float?
  /// The tokens of both sides.
  private(set) var tokens: TokenLists
  private let start: String
  private let end: String
  private let folder: String

  /// Reads `config.json`, where there is one (since version 6), and the vocabularies.
  ///
  /// - Parameter flags: What earlier versions say in variables.
  init(_ folder: String, _ flags: [String: Bool]) throws(SourceError) {
    self.folder = folder
    var (begin, unknown, ends, starts) = ("<s>", "<unk>", "</s>", String?.none)
    var flags = flags
    let path = "\(folder)/config.json"
    if FileManager.default.fileExists(atPath: path) {
      var reader = ConfigurationReader(try JSONFile(path: path))
      begin = try reader.text("bos_token") ?? begin
      ends = try reader.text("eos_token") ?? ends
      unknown = try reader.text("unk_token") ?? unknown
      starts = try reader.text("decoder_start_token")
      normEpsilon = try reader.number("layer_norm_epsilon", within: 1e-12...1).map { Float($0) }
      flags["with_source_bos"] = try reader.bool("add_source_bos", default: false)
      flags["with_source_eos"] = try reader.bool("add_source_eos", default: false)
      try reader.checkRemaining(Self.keys)
    }
    end = ends
    start = starts ?? (flags["with_target_bos"] ?? true ? begin : ends)
    let target = try Self.vocabulary(["shared_vocabulary", "target_vocabulary"], in: folder, unknown)
    let source = try Self.vocabulary(["shared_vocabulary", "source_vocabulary"], in: folder, unknown)
    tokens = TokenLists(
      source: source, target: target, unknown: source.firstIndex(of: TokenText(unknown)) ?? source.count - 1)
    if flags["with_source_bos"] == true { tokens.before = [try id(begin, in: source)] }
    if flags["with_source_eos"] == true { tokens.after = [try id(ends, in: source)] }
  }

  private static let keys = ConfigurationKeys(
    harmless: [], neutral: ["multi_query_attention": [.bool(false)], "quantization_type": [.integer(0)]])

  /// The ids of the tokens that decoding begins and ends with, in a model of these vocabularies.
  func decoding(source: Int, target: Int) throws(SourceError) -> SourceDecoding {
    for (side, tokens, count) in [("source", tokens.source, source), ("target", tokens.target, target)]
    where tokens.count > count {
      throw error("the \(side)'s vocabulary has \(tokens.count) tokens, the model \(count)")
    }
    var decoding = SourceDecoding()
    decoding.startToken = try id(start, in: tokens.target)
    decoding.endTokens = [try id(end, in: tokens.target)]
    // CTranslate2's own default.
    decoding.maximumLength = 256
    return decoding
  }

  private func id(_ token: String, in list: [TokenText]) throws(SourceError) -> Int {
    guard let id = list.firstIndex(of: TokenText(token)) else {
      throw error("the vocabulary of \(list.count) tokens has no \(token)")
    }
    return id
  }

  /// One token on each line, or a JSON array of them; the unknown token is the last, if the file has it not.
  private static func vocabulary(
    _ names: [String], in folder: String, _ unknown: String
  ) throws(SourceError) -> [TokenText] {
    for name in names {
      guard var tokens = try vocabulary("\(folder)/\(name)") else { continue }
      if !tokens.contains(TokenText(unknown)) { tokens.append(TokenText(unknown)) }
      return tokens
    }
    throw .unsupported(file: folder, reason: "has no \(names.joined(separator: " or ")), .txt or .json")
  }

  private static func vocabulary(_ path: String) throws(SourceError) -> [TokenText]? {
    if FileManager.default.fileExists(atPath: "\(path).json") {
      var tokens: [TokenText] = []
      for value in try JSONFile.array(path: "\(path).json") {
        guard case .string(let text) = value else {
          throw .unsupported(file: "\(path).json", reason: "has \(value.excerpt), which is not text")
        }
        tokens.append(TokenText(text))
      }
      return tokens
    }
    guard FileManager.default.fileExists(atPath: "\(path).txt") else { return nil }
    let source = try MappedSource(path: "\(path).txt", most: SourceLimits.textBytes)
    try source.checkLines()
    var lines = unsafe source.withBytes(0..<source.count) { bytes in
      unsafe bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { unsafe Array($0) }
    }
    if lines.last == [] { lines.removeLast() }
    // Some tokens end with a carriage return: it is the line's end only if all lines have it.
    let hasReturns = lines.allSatisfy { $0.last == 0x0D }
    return lines.map { TokenText(bytes: hasReturns ? $0.dropLast() : $0[...]) }
  }

  private func error(_ reason: String) -> SourceError { .unsupported(file: folder, reason: reason) }
}
