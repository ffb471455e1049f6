import SwiftletSources

extension TokenizerJSON {
  /// Brings the texts that are looked for in normalised text into its form; refuses those for which that isn't simple.
  func normalizeAdded(_ section: inout TokenizerSection) throws(TokenizerSourceError) {
    let steps = try normalizerSteps()
    if steps.isEmpty && section.contents.kind == .bytePairs { return try checkPlain(&section) }
    for index in section.added.indices where section.added[index].isNormalized {
      let token = added[index]
      let isPlain = token.text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
      switch steps.count == 1 && isPlain ? steps[0] : nil {
      case .composition: break
      case .bert(_, _, _, let lowercases):
        if lowercases { section.added[index].text = Array(token.text.lowercased().utf8) }
      default:
        throw token.node.unsupported(
          "'\(token.text)', which is looked for in normalised text (\"normalized\"),")
      }
    }
  }

  /// Without normaliser, normalised text is text: only the order matters, in which tokens are looked for.
  private func checkPlain(_ section: inout TokenizerSection) throws(TokenizerSourceError) {
    guard section.options.contains(.bytes) else {
      if section.added.allSatisfy(\.isNormalized) {
        for index in section.added.indices { section.added[index].isNormalized = false }
      }
      if let index = section.added.firstIndex(where: \.isNormalized) {
        throw added[index].node.unsupported("'\(added[index].text)' among others that aren't \"normalized\"")
      }
      return
    }
  }
}
