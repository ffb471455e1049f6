import SourcesTestSupport

/// Models of many languages: every place that names the tokens of languages, and texts that begin with one.
extension Seeds {
  private static let tokens = ["__fr__", "fr_XX", "fra_Latn", "fr_X", "Fr_XX", "x"]
  /// The id of the first: behind it are the others, as many as the goldens have.
  private static let first = 34

  static func languages() throws -> [[UInt8]] {
    let places = tokens.enumerated().map { "\"\($1)\": \(first + $0)" }
    let decoder = tokens.enumerated().map { "\"\(first + $0)\": {\"content\": \"\($1)\"}" }
    return [
      try model("m2m100", ["added_tokens.json": "{\(places.joined(separator: ", "))}"]),
      try model(
        "mbart", ["tokenizer_config.json": "{\"added_tokens_decoder\": {\(decoder.joined(separator: ", "))}}"]
      ),
      try model(
        "m2m100", ["tokenizer.json": tokenizer, "tokenizer_config.json": #"{"src_lang": "fra_Latn"}"#]),
      try model(
        "mbart", ["tokenizer.json": tokenizer, "tokenizer_config.json": #"{"src_lang": "eng_Latn"}"#]),
    ]
  }

  /// A golden's directory with these files.
  private static func model(_ name: String, _ files: [String: String]) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    try FamilyGolden(name).writeWithText(to: directory)
    for (name, text) in files { try directory.write(text, to: name) }
    return parts(of: directory)
  }

  /// NLLB's form: pieces with scores, added tokens, and a template that begins with the source's language.
  private static var tokenizer: String {
    let pieces = (4..<first).map { "[\"\(Unicode.Scalar(UInt8(0x5D + $0)))\", -\($0)]" }
    let reserved = ["<s>", "<pad>", "</s>", "<unk>"].map { "[\"\($0)\", 0]" }
    let added = tokens.enumerated().map {
      "{\"id\": \(first + $0), \"content\": \"\($1)\", \"special\": true, \"normalized\": false}"
    }
    let item = { (name: String) in "{\"SpecialToken\": {\"id\": \"\(name)\", \"type_id\": 0}}" }
    let ids = { (name: String, id: Int) in "\"\(name)\": {\"id\": \"\(name)\", \"ids\": [\(id)]}" }
    return """
      {"model": {"type": "Unigram", "unk_id": 3, "vocab": [\((reserved + pieces).joined(separator: ", "))]},
       "added_tokens": [\(added.joined(separator: ", "))],
       "pre_tokenizer": {"type": "Metaspace", "replacement": "\u{2581}", "prepend_scheme": "always"},
       "decoder": {"type": "Metaspace", "replacement": "\u{2581}"},
       "post_processor": {"type": "TemplateProcessing", "single": [\(item("fra_Latn")),
        {"Sequence": {"id": "A", "type_id": 0}}, \(item("</s>"))], "pair": [],
        "special_tokens": {\(ids("fra_Latn", first + 2)), \(ids("</s>", 2))}}}
      """
  }
}
