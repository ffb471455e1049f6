import Foundation
import SwiftletSources

/// What surrounds a model of CTranslate2: its vocabularies, and the tokens that begin and end texts.
struct CTranslate2Settings {
  /// Lines for the model's metadata.
  private(set) var metadata: [(key: String, value: String)] = []
  /// ε of the norms, where it is stated.
  private(set) var normEpsilon: Float?
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
    var begin = "<s>"
    var ends = "</s>"
    var starts: String?
    var flags = flags
    let path = "\(folder)/config.json"
    if FileManager.default.fileExists(atPath: path) {
      var reader = ConfigurationReader(try JSONFile(path: path))
      begin = try reader.text("bos_token") ?? begin
      ends = try reader.text("eos_token") ?? ends
      starts = try reader.text("decoder_start_token")
      normEpsilon = try reader.number("layer_norm_epsilon", within: 1e-12...1).map { Float($0) }
      flags["with_source_bos"] = try reader.bool("add_source_bos", default: false)
      flags["with_source_eos"] = try reader.bool("add_source_eos", default: false)
      try reader.checkRemaining(Self.keys)
    }
    end = ends
    start = starts ?? (flags["with_target_bos"] ?? true ? begin : ends)
    for (key, flag) in [("add-source-bos", "with_source_bos"), ("add-source-eos", "with_source_eos")] {
      metadata.append((key, "\(flags[flag] ?? false)"))
    }
  }

  private static let keys = ConfigurationKeys(
    harmless: ["unk_token"],
    neutral: ["multi_query_attention": [.bool(false)], "quantization_type": [.integer(0)]])

  /// The ids of the tokens that decoding begins and ends with.
  func decoding(vocabulary: Int) throws(SourceError) -> SourceDecoding {
    var decoding = SourceDecoding()
    decoding.startToken = try id(start, below: vocabulary)
    decoding.endTokens = [try id(end, below: vocabulary)]
    // CTranslate2's own default.
    decoding.maximumLength = 256
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
