import Foundation
import SwiftletSources

extension HuggingFaceSource {
  /// Puts the tokens that stand for languages into the metadata: `language-fr=128028`. The tokenizer's files name them.
  mutating func readLanguageTokens() throws(SourceError) {
    for (text, id) in try directory.addedTokens() {
      guard let language = Self.language(text), id < architecture.targetVocabulary else { continue }
      metadata.append(("language-\(language)", "\(id)"))
    }
  }

  /// The language of a token: `__fr__` of M2M100, `fr_XX` of mBART, `fra_Latn` of NLLB; nil for other tokens.
  static func language(_ token: String) -> String? {
    if token.count > 4, token.hasPrefix("__"), token.hasSuffix("__") {
      return String(token.dropFirst(2).dropLast(2))
    }
    let halves = token.split(separator: "_", omittingEmptySubsequences: false)
    guard halves.count == 2, (2...3).contains(halves[0].count), halves[0].allSatisfy(\.isLowercaseLetter)
    else {
      return nil
    }
    let isRegion = halves[1].count == 2 && halves[1].allSatisfy(\.isUppercaseLetter)
    let isScript =
      halves[1].count == 4 && halves[1].first?.isUppercaseLetter == true
      && halves[1].dropFirst().allSatisfy(\.isLowercaseLetter)
    return isRegion || isScript ? token : nil
  }
}

extension HuggingFaceDirectory {
  /// The tokens that were added to a vocabulary, in the order of their ids: of `tokenizer.json`,
  /// `tokenizer_config.json` or `added_tokens.json`, the first that says so.
  fileprivate func addedTokens() throws(SourceError) -> [(text: String, id: Int)] {
    var tokens: [(text: String, id: Int)] = []
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
    if exists("tokenizer.json"),
      case .array(let added) = try JSONFile(path: "\(path)/tokenizer.json").object["added_tokens"]
    {
      for case .object(let token) in added {
        if case .string(let text) = token["content"], let id = token["id"]?.wholeNumber {
          tokens.append((text, id))
        }
      }
    } else if let tokenizer, case .object(let added) = tokenizer.object["added_tokens_decoder"] {
      for member in added.members {
        guard let id = Int(member.key), case .object(let token) = member.value,
          case .string(let text) = token["content"]
        else { continue }
        tokens.append((text, id))
      }
    } else if exists("added_tokens.json") {
      for member in try JSONFile(path: "\(path)/added_tokens.json").object.members {
        if let id = member.value.wholeNumber { tokens.append((member.key, id)) }
      }
    }
    return tokens.filter { $0.id >= 0 }.sorted { $0.id < $1.id }
  }
}

extension Character {
  fileprivate var isLowercaseLetter: Bool { ("a"..."z").contains(self) }
  fileprivate var isUppercaseLetter: Bool { ("A"..."Z").contains(self) }
}
