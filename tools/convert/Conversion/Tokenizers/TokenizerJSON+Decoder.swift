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

  /// Whether `▁` becomes a space, bytes become characters, and the first space goes: sentencepiece's way.
  func isSentencePieceDecoder(_ decoders: [(String, JSONNode)]) throws(TokenizerSourceError) -> Bool {
    for (name, node) in decoders {
      switch name {
      case "ByteFallback", "Fuse": continue
      case "Metaspace":
        guard node["replacement"].isNull || node["replacement"].value == .string("▁") else { return false }
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
    return decoders.contains { $0.0 == "Metaspace" || $0.0 == "Replace" }
  }
}
