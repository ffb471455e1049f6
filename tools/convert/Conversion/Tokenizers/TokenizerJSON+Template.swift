import SwiftletSources
import SwiftletTokenizers

extension TokenizerJSON {
  /// Sets what stands around texts: `post_processor`.
  func addTemplate(to section: inout TokenizerSection) throws(TokenizerSourceError) {
    try addTemplate(root["post_processor"], to: &section)
    for items in [section.single, section.pair] where items.count > Tokenizer.mostTemplateItems {
      throw root["post_processor"].unsupported(
        "a template of \(items.count) items (at most \(Tokenizer.mostTemplateItems))")
    }
  }

  private func addTemplate(
    _ node: JSONNode, to section: inout TokenizerSection
  ) throws(TokenizerSourceError) {
    if node.isNull { return }
    switch try node.type() {
    case "ByteLevel": break  // only about offsets
    case "Sequence":
      for element in try node["processors"].elements() {
        let isTemplate = try element.type() != "ByteLevel"
        guard !isTemplate || section.single.isEmpty else { throw element.unsupported("a second template") }
        try addTemplate(element, to: &section)
      }
    case "BertProcessing":
      let (first, last) = (try token(node["cls"]), try token(node["sep"]))
      section.single = [
        .token(first, segment: 0), .first(segment: 0), .token(last, segment: 0),
      ]
      section.pair = section.single + [.second(segment: 1), .token(last, segment: 1)]
    case "RobertaProcessing":
      let (first, last) = (try token(node["cls"]), try token(node["sep"]))
      section.single = [
        .token(first, segment: 0), .first(segment: 0), .token(last, segment: 0),
      ]
      section.pair =
        section.single + [
          .token(last, segment: 0), .second(segment: 0), .token(last, segment: 0),
        ]
    case "TemplateProcessing":
      section.single = try items(node["single"], of: node, pair: false)
      section.pair = try items(node["pair"], of: node, pair: true)
    case let other: throw node.unsupported("a post-processor of type \(other)")
    }
  }

  /// `["</s>", 2]`
  private func token(_ node: JSONNode) throws(TokenizerSourceError) -> Int {
    let parts = try node.elements()
    guard parts.count == 2 else { throw node.malformed("a text and an id") }
    return try checked(try parts[1].index(), node)
  }

  private func checked(_ id: Int, _ node: JSONNode) throws(TokenizerSourceError) -> Int {
    guard id < texts.count else {
      throw .idOutOfRange(file: file, token: node.place, id: id, limit: texts.count - 1)
    }
    return id
  }

  private func items(
    _ list: JSONNode, of template: JSONNode, pair: Bool
  ) throws(TokenizerSourceError) -> [TokenizerSection.TemplateItem] {
    if list.isNull { return [] }
    var items: [TokenizerSection.TemplateItem] = []
    for node in try list.elements() {
      let isToken = !node["SpecialToken"].isNull
      let part = isToken ? node["SpecialToken"] : node["Sequence"]
      let segment = try part["type_id"].index()
      guard segment < 16 else { throw part["type_id"].unsupported("a segment above 15") }
      let name = try part["id"].text()
      if isToken {
        let tokens = template["special_tokens"][name]["ids"]
        for id in try tokens.elements() {
          items.append(.token(try checked(try id.index(), id), segment: segment))
        }
      } else if name == "A" {
        items.append(.first(segment: segment))
      } else if name == "B" && pair {
        items.append(.second(segment: segment))
      } else {
        throw part["id"].malformed("A or B")
      }
    }
    return items
  }
}
