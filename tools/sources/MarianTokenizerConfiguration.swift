/// What `tokenizer_config.json` says about a Marian model's text. Everything in it is optional.
public struct MarianTokenizerConfiguration: Equatable, Sendable {
  /// `source_lang`, such as "en".
  public var sourceLanguage: String?
  /// `target_lang`, such as "fr".
  public var targetLanguage: String?
  /// `unk_token`
  public var unknownToken = "<unk>"
  /// `eos_token`
  public var endToken = "</s>"
  /// `pad_token`
  public var paddingToken = "<pad>"
  /// `model_max_length`: nil where it is missing, or so large that it means "no limit".
  public var maximumLength: Int?
  /// `separate_vocabs`: the target has a vocabulary of its own, `target_vocab.json`.
  public var separatesVocabularies = false

  /// The values of a directory without the file.
  public init() {}

  /// Reads the file.
  ///
  /// - Throws: `SourceError.configuration` with the key and the value, if it is malformed or not supported.
  public init(_ file: JSONFile) throws(SourceError) {
    var reader = ConfigurationReader(file)
    sourceLanguage = try reader.text("source_lang")
    targetLanguage = try reader.text("target_lang")
    unknownToken = try Self.token("unk_token", &reader) ?? unknownToken
    endToken = try Self.token("eos_token", &reader) ?? endToken
    paddingToken = try Self.token("pad_token", &reader) ?? paddingToken
    separatesVocabularies = try reader.bool("separate_vocabs", default: false)
    maximumLength = try Self.length(&reader)
    try reader.checkRemaining(.tokenizer)
  }

  /// A token is written as text, or as an object with the text under `content`.
  private static func token(
    _ key: String, _ reader: inout ConfigurationReader
  ) throws(SourceError) -> String? {
    if case .object(let object) = reader.value(key), case .string(let text) = object["content"] {
      return text
    }
    return try reader.text(key)
  }

  private static func length(_ reader: inout ConfigurationReader) throws(SourceError) -> Int? {
    let key = "model_max_length"
    switch reader.value(key) {
    case nil: return nil
    case .number(let value) where value >= 1e9: return nil
    case .integer(let value) where value >= 1_000_000_000: return nil
    default: return try reader.integer(key, within: 1...1_000_000_000)
    }
  }
}
