import SwiftletSources

extension SourceDecoding {
  /// Reads the settings of decoding. A key of `generation_config.json` wins over the same key of `config.json`,
  /// as in transformers; but ids that differ are an error.
  ///
  /// Settings of a search (sampling, penalties) are for whoever runs the model to choose: those that are not neutral
  /// come back as notes.
  ///
  /// - Parameter needed: The ids that must be there.
  static func read(
    _ config: inout ConfigurationReader, generation: JSONFile?, vocabulary: Int, needed: [String]
  ) throws(SourceError) -> (decoding: SourceDecoding, notes: [String]) {
    let ids = try SpecialTokens(&config, vocabulary: vocabulary)
    for key in needed where ids.tokens[key] == nil { throw config.error(.missing(key: key)) }
    var settings = try Settings(&config, vocabulary: vocabulary, ids: ids)
    var all = ids
    if let generation {
      var reader = ConfigurationReader(generation)
      let newer = try SpecialTokens(&reader, vocabulary: vocabulary)
      try ids.check(newer, config: config.file, reader: reader)
      all.tokens.merge(newer.tokens) { $1 }
      settings.update(with: try Settings(&reader, vocabulary: vocabulary, ids: all))
      try reader.checkRemaining(.generation)
    }
    return (settings.decoding(all), settings.notes)
  }
}

/// The ids of tokens that mean something to the search.
private struct SpecialTokens {
  var tokens: [String: [Int]] = [:]

  static let keys = ["pad_token_id", "eos_token_id", "bos_token_id", "decoder_start_token_id"]

  init(_ reader: inout ConfigurationReader, vocabulary: Int) throws(SourceError) {
    for key in Self.keys {
      if key == "eos_token_id", case .array = reader.value(key) {
        tokens[key] = try reader.tokens(key, nested: false, vocabulary: vocabulary)
      } else if key == "pad_token_id", case .integer(-1) = reader.value(key) {
        continue  // Llama's early files say so for none.
      } else if let id = try reader.token(key, vocabulary: vocabulary) {
        tokens[key] = [id]
      }
    }
  }

  /// What another file says must not contradict this one, but may say more.
  func check(_ newer: SpecialTokens, config: String, reader: ConfigurationReader) throws(SourceError) {
    for key in Self.keys {
      guard let mine = tokens[key], let theirs = newer.tokens[key], !Set(mine).isSubset(of: theirs) else {
        continue
      }
      func text(_ ids: [Int]) -> String { ids.count == 1 ? "\(ids[0])" : "\(ids)" }
      throw reader.error(
        .contradiction(key: key, value: text(theirs), other: "\(config): \(key)", otherValue: text(mine)))
    }
  }
}

/// The settings of one file; nil where it says nothing.
private struct Settings {
  var beams: Int?
  var maximumLength: Int?
  var forcedFirst: Int?
  var forcesEnd: Bool?
  var renormalizes: Bool?
  var suppressed: [Int]
  var notes: [String] = []

  init(_ reader: inout ConfigurationReader, vocabulary: Int, ids: SpecialTokens) throws(SourceError) {
    beams = try reader.integer("num_beams", within: 1...1024)
    maximumLength = try reader.integer("max_length", within: 1...1_000_000)
    if let newTokens = try reader.integer("max_new_tokens", within: 1...1_000_000) {
      maximumLength = newTokens + 1
    }
    renormalizes = try reader.value("renormalize_logits").map { _ throws(SourceError) in
      try reader.bool("renormalize_logits", default: false)
    }
    let end = ids.tokens["eos_token_id"] ?? []
    if let forced = try reader.token("forced_eos_token_id", vocabulary: vocabulary) {
      guard end.contains(forced) else {
        throw reader.error(
          .unsupported(key: "forced_eos_token_id", value: "\(forced)", supported: "eos_token_id"))
      }
      forcesEnd = true
    }
    forcedFirst = try reader.token("forced_bos_token_id", vocabulary: vocabulary)
    suppressed = try reader.tokens("suppress_tokens", nested: false, vocabulary: vocabulary)
    if let first = end.first, suppressed.contains(first) {
      throw reader.error(
        .contradiction(
          key: "suppress_tokens", value: "\(suppressed)", other: "eos_token_id", otherValue: "\(first)"))
    }
    // As transformers does: the end token can't be a bad word.
    suppressed += try reader.tokens("bad_words_ids", nested: true, vocabulary: vocabulary)
      .filter { !end.contains($0) }
    notes = reader.searchNotes()
  }

  /// Takes what another file says instead. Suppressed ids add up: neither file wants them back.
  mutating func update(with newer: Settings) {
    beams = newer.beams ?? beams
    maximumLength = newer.maximumLength ?? maximumLength
    forcedFirst = newer.forcedFirst ?? forcedFirst
    forcesEnd = newer.forcesEnd ?? forcesEnd
    renormalizes = newer.renormalizes ?? renormalizes
    suppressed += newer.suppressed
    notes += newer.notes
  }

  func decoding(_ ids: SpecialTokens) -> SourceDecoding {
    var result = SourceDecoding()
    result.endTokens = ids.tokens["eos_token_id"] ?? []
    result.paddingToken = ids.tokens["pad_token_id"]?.first
    result.startToken =
      ids.tokens["decoder_start_token_id"]?.first ?? ids.tokens["bos_token_id"]?.first ?? result.endToken
    result.maximumLength = maximumLength
    result.beams = beams ?? 1
    result.forcedFirstToken = forcedFirst
    result.forcesEnd = forcesEnd ?? false
    result.renormalizes = renormalizes ?? false
    result.suppressedTokens = Set(suppressed).sorted()
    return result
  }
}

extension ConfigurationReader {
  /// Settings of a search, with the values that leave it plain.
  private static let search: [(key: String, neutral: [StrictJSON])] = [
    ("do_sample", [.bool(false)]), ("early_stopping", [.bool(false)]), ("length_penalty", [.number(1)]),
    ("repetition_penalty", [.number(1)]), ("encoder_repetition_penalty", [.number(1)]),
    ("no_repeat_ngram_size", [.integer(0)]), ("encoder_no_repeat_ngram_size", [.integer(0)]),
    ("min_length", [.integer(0)]), ("min_new_tokens", [.integer(0)]), ("min_p", [.number(0)]),
    ("temperature", [.number(1)]), ("top_p", [.number(1)]), ("top_k", [.integer(50), .integer(0)]),
    ("task_specific_params", [.object(JSONObject())]),
  ]

  /// Takes the settings of a search, and says which of them are not neutral.
  fileprivate mutating func searchNotes() -> [String] {
    Self.search.compactMap { setting in
      guard let value = value(setting.key), !setting.neutral.contains(where: { $0.matches(value) }) else {
        return nil
      }
      return "\(file): \(setting.key) \(value.excerpt) is not stored: choose it where the model is run"
    }
  }
}
