import Foundation
import SwiftletSources

/// What surrounds a model of CTranslate2: its vocabularies, and the tokens that begin and end texts.
struct CTranslate2Settings {
  /// Lines for the model's metadata.
  private(set) var metadata: [(key: String, value: String)] = []
  private let start: String
  private let end: String
  private let target: [TokenText]
  private let folder: String

  /// Reads `config.json`, where there is one (since version 6), and the target's vocabulary.
  ///
  /// - Parameter flags: What earlier versions say in variables.
  init(_ folder: String, _ flags: [String: Bool]) throws(SourceError) {
    self.folder = folder
    target = try Self.vocabulary(folder)
    let path = "\(folder)/config.json"
    var object = JSONObject()
    if FileManager.default.fileExists(atPath: path) { object = try JSONFile(path: path).object }
    func text(_ key: String, _ missing: String) throws(SourceError) -> String {
      switch object[key] {
      case nil, .null: return missing
      case .string(let value): return value
      case let value?:
        throw .configuration(
          ConfigurationError(file: path, problem: .kind(key: key, value: value.excerpt, expected: "text")))
      }
    }
    let begin = try text("bos_token", "<s>")
    end = try text("eos_token", "</s>")
    start = try text("decoder_start_token", flags["with_target_bos"] ?? true ? begin : end)
    for (key, flag) in [("add_source_bos", "with_source_bos"), ("add_source_eos", "with_source_eos")] {
      let isSet = object[key] == .bool(true) || flags[flag] == true
      metadata.append((key.replacing("_", with: "-"), "\(isSet)"))
    }
  }

  /// The ids of the tokens that decoding begins and ends with.
  func decoding(vocabulary: Int) throws(SourceError) -> SourceDecoding {
    var decoding = SourceDecoding()
    decoding.startToken = try id(start, below: vocabulary)
    decoding.endTokens = [try id(end, below: vocabulary)]
    return decoding
  }

  private func id(_ token: String, below count: Int) throws(SourceError) -> Int {
    guard let id = target.firstIndex(of: TokenText(token)), id < count else {
      throw .unsupported(
        file: folder,
        reason: "the target's vocabulary of \(target.count) tokens has no \(token) below \(count)")
    }
    return id
  }

  /// One token on each line, or a JSON array of them.
  private static func vocabulary(_ folder: String) throws(SourceError) -> [TokenText] {
    for name in ["shared_vocabulary", "target_vocabulary"] {
      let path = "\(folder)/\(name)"
      if FileManager.default.fileExists(atPath: "\(path).json") {
        return try JSONFile.array(path: "\(path).json").map {
          if case .string(let text) = $0 { return TokenText(text) }
          return TokenText("")
        }
      }
      guard FileManager.default.fileExists(atPath: "\(path).txt") else { continue }
      let source = try MappedSource(path: "\(path).txt")
      return source.withBytes(0..<source.count) { bytes in
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { TokenText(bytes: $0) }
      }
    }
    throw .unsupported(file: folder, reason: "has no shared_vocabulary or target_vocabulary, .txt or .json")
  }
}
