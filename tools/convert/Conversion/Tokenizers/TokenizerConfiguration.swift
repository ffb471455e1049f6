import Foundation
import SwiftletSources

/// What `tokenizer_config.json` says where there is no `tokenizer.json`. Everything in it is optional.
struct TokenizerConfiguration {
  var addsBegin: Bool?
  var addsEnd: Bool?
  var begin = "<s>"
  var end = "</s>"
  /// `add_prefix_space` of byte-level BPE.
  var addsSpace = false
  var lowercases = true
  var isolatesIdeographs = true
  var stripsAccents: Bool?

  /// Reads the file, if there is one.
  init(_ directory: String) throws(TokenizerSourceError) {
    let path = "\(directory)/tokenizer_config.json"
    guard FileManager.default.fileExists(atPath: path) else { return }
    let root = JSONNode(try jsonFile(path))
    addsBegin = try Self.optional(root["add_bos_token"])
    addsEnd = try Self.optional(root["add_eos_token"])
    begin = try Self.token(root["bos_token"]) ?? begin
    end = try Self.token(root["eos_token"]) ?? end
    addsSpace = try root["add_prefix_space"].flag(missing: false)
    lowercases = try root["do_lower_case"].flag(missing: true)
    isolatesIdeographs = try root["tokenize_chinese_chars"].flag(missing: true)
    stripsAccents = try Self.optional(root["strip_accents"])
  }

  private static func optional(_ node: JSONNode) throws(TokenizerSourceError) -> Bool? {
    node.isNull ? nil : try node.flag(missing: false)
  }

  /// A token is written as text, or as an object with the text under `content`.
  private static func token(_ node: JSONNode) throws(TokenizerSourceError) -> String? {
    if node.isNull { return nil }
    return node["content"].isNull ? try node.text() : try node["content"].text()
  }
}
