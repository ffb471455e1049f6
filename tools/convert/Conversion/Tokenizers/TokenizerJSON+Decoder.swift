import SwiftletSources

extension TokenizerJSON {
  /// Refuses a decoder that isn't the one that `isKnown` says: names of the types, with their objects.
  func checkDecoder(
    _ isKnown: ([(String, JSONNode)]) throws(TokenizerSourceError) -> Bool
  ) throws(TokenizerSourceError) {
    let node = root["decoder"]
    guard !node.isNull else { throw node.unsupported("a tokenizer without decoder") }
    var decoders = [node]
    if try node.type() == "Sequence" { decoders = try node["decoders"].elements() }
    var named: [(String, JSONNode)] = []
    for decoder in decoders { named.append((try decoder.type(), decoder)) }
    guard try isKnown(named) else {
      throw node.unsupported("the decoder \(named.map(\.0).joined(separator: ", "))")
    }
  }

  /// Sets how `▁` becomes a space, and bytes become characters.
  func setSpaceDecoder(_ section: inout TokenizerSection) throws(TokenizerSourceError) {
    var isMetaspace = false
    try checkDecoder { (decoders: [(String, JSONNode)]) throws(TokenizerSourceError) -> Bool in
      isMetaspace = decoders.count == 1 && decoders[0].0 == "Metaspace"
      return isMetaspace ? isMetaspaceDecoder(decoders[0].1) : isSentencePieceDecoder(decoders)
    }
    if isMetaspace { section.options.insert(.dropsFirstSpaces) }
  }

  /// Whether it takes away what the pre-tokeniser's Metaspace put in front.
  private func isMetaspaceDecoder(_ node: JSONNode) -> Bool {
    guard node["replacement"].isNull || node["replacement"].value == .string("▁") else { return false }
    let encoder = root["pre_tokenizer"]
    func drops(_ node: JSONNode) -> Bool {
      node["prepend_scheme"].value != .string("never") && node["add_prefix_space"].value != .bool(false)
    }
    guard case .array(let steps) = encoder["pretokenizers"].value else {
      return drops(node) == drops(encoder)
    }
    return steps.last.map { drops(JSONNode(file: file, place: "", value: $0)) } == drops(node)
  }

  private func isSentencePieceDecoder(_ decoders: [(String, JSONNode)]) -> Bool {
    for (name, node) in decoders {
      switch name {
      case "ByteFallback", "Fuse": continue
      case "Replace":
        guard node["pattern"]["String"].value == .string("▁"), node["content"].value == .string(" ") else {
          return false
        }
      case "Strip":
        guard node["content"].value == .string(" "), node["start"].value.wholeNumber == 1,
          node["stop"].value.wholeNumber == 0
        else { return false }
      default: return false
      }
    }
    return decoders.map(\.0).contains("Replace") && decoders.map(\.0).contains("Strip")
  }
}
