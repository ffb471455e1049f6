import Foundation
import SwiftletSources

extension TokenizerJSON {
  /// A step of the normaliser.
  enum NormalizerStep: Equatable {
    case composition
    case bert(cleans: Bool, isolatesIdeographs: Bool, stripsAccents: Bool, lowercases: Bool)
    case prepend(String)
    case replace(String, String)
    case replacePattern(String, String)
    case charsmap([UInt8])
    case strip(left: Bool, right: Bool)
  }

  /// The normaliser's steps, sequences flattened.
  func normalizerSteps() throws(TokenizerSourceError) -> [NormalizerStep] {
    try steps(root["normalizer"], list: "normalizers", step: normalizerStep)
  }

  private func steps<Step>(
    _ node: JSONNode, list: String, step: (JSONNode) throws(TokenizerSourceError) -> Step
  ) throws(TokenizerSourceError) -> [Step] {
    if node.isNull { return [] }
    guard try node.type() == "Sequence" else { return [try step(node)] }
    var result: [Step] = []
    for element in try node[list].elements() { result += try steps(element, list: list, step: step) }
    return result
  }

  private func normalizerStep(_ node: JSONNode) throws(TokenizerSourceError) -> NormalizerStep {
    switch try node.type() {
    case "NFC": return .composition
    case "BertNormalizer":
      let lowercases = try node["lowercase"].flag(missing: true)
      return .bert(
        cleans: try node["clean_text"].flag(missing: true),
        isolatesIdeographs: try node["handle_chinese_chars"].flag(missing: true),
        stripsAccents: try node["strip_accents"].flag(missing: lowercases), lowercases: lowercases)
    case "Prepend": return .prepend(try node["prepend"].text())
    case "Replace":
      let content = try node["content"].text()
      if !node["pattern"]["String"].isNull { return .replace(try node["pattern"]["String"].text(), content) }
      return .replacePattern(try node["pattern"]["Regex"].text(), content)
    case "Precompiled":
      if node["precompiled_charsmap"].isNull { return .charsmap([]) }
      guard let data = Data(base64Encoded: try node["precompiled_charsmap"].text()) else {
        throw node["precompiled_charsmap"].malformed("base 64")
      }
      return .charsmap(Array(data))
    case "Strip":
      return .strip(
        left: try node["strip_left"].flag(missing: false), right: try node["strip_right"].flag(missing: false)
      )
    case let other: throw node.unsupported("a normaliser of type \(other)")
    }
  }

  /// A step of the pre-tokeniser.
  enum PreTokenizerStep: Equatable {
    case byteLevel(addsSpace: Bool, splits: Bool)
    case split(UInt8)
    case digits
    case metaspace(scheme: String, splits: Bool)
    case bert
    case whitespace
  }

  /// The pre-tokeniser's steps, sequences flattened.
  func preTokenizerSteps() throws(TokenizerSourceError) -> [PreTokenizerStep] {
    try steps(root["pre_tokenizer"], list: "pretokenizers", step: preTokenizerStep)
  }

  private func preTokenizerStep(_ node: JSONNode) throws(TokenizerSourceError) -> PreTokenizerStep {
    switch try node.type() {
    case "ByteLevel":
      return .byteLevel(
        addsSpace: try node["add_prefix_space"].flag(missing: true),
        splits: try node["use_regex"].flag(missing: true))
    case "Split": return .split(try split(node))
    case "Digits":
      guard try node["individual_digits"].flag(missing: false) else {
        throw node["individual_digits"].unsupported("numbers of several digits as words")
      }
      return .digits
    case "Metaspace":
      let symbol = node["replacement"].isNull ? "▁" : try node["replacement"].text()
      guard symbol == "▁" else { throw node["replacement"].unsupported("'\(symbol)' for a space") }
      let old = try node["add_prefix_space"].flag(missing: true) ? "always" : "never"
      return .metaspace(
        scheme: node["prepend_scheme"].isNull ? old : try node["prepend_scheme"].text(),
        splits: try node["split"].flag(missing: true))
    case "BertPreTokenizer": return .bert
    case "WhitespaceSplit": return .whitespace
    case let other: throw node.unsupported("a pre-tokeniser of type \(other)")
    }
  }

  private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  private static let llama3 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let qwen2 = llama3.replacingOccurrences(of: "{1,3}", with: "")

  /// The rules of a regular expression: the runtime knows three, by their text.
  private func split(_ node: JSONNode) throws(TokenizerSourceError) -> UInt8 {
    guard try node["behavior"].text() == "Isolated", try !node["invert"].flag(missing: false) else {
      throw node.unsupported("a split whose behaviour isn't Isolated, or that is inverted")
    }
    let pattern = node["pattern"]["Regex"]
    switch try pattern.text() {
    case Self.gpt2: return 1
    case Self.llama3: return 2
    case Self.qwen2: return 3
    case let other:
      throw pattern.unsupported("the regular expression \(other) (those of GPT-2, Llama 3 and Qwen 2 are)")
    }
  }

  /// The error that a part asks for something else than what `kind` of tokenizer can do.
  func refused(_ key: String, for kind: String) -> TokenizerSourceError {
    root[key].unsupported("this \(key) for \(kind)")
  }
}
