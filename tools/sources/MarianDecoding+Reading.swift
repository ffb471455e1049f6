extension MarianDecoding {
  /// Reads the settings of decoding. A key of `generation_config.json` wins over the same key of `config.json`,
  /// as in transformers; but ids that differ are an error.
  init(
    config: inout ConfigurationReader, generation: JSONFile?, vocabulary: Int, ids: [String: Int]
  ) throws(SourceError) {
    var settings = try Settings(&config, vocabulary: vocabulary, ids: ids)
    if let generation {
      var reader = ConfigurationReader(generation)
      let newer = try Settings(&reader, vocabulary: vocabulary, ids: ids)
      try newer.checkIDs(ids, config: config.file, reader: &reader, vocabulary: vocabulary)
      try reader.checkRemaining(.generation)
      settings.update(with: newer)
    }
    beams = settings.beams ?? 1
    maximumLength = settings.maximumLength
    forcesEnd = settings.forcesEnd ?? false
    renormalizes = settings.renormalizes ?? false
    suppressedIDs = Set(settings.badWords + settings.suppressed).sorted()
  }
}

/// The settings of one file; nil where it says nothing.
private struct Settings {
  var beams: Int?
  var maximumLength: Int?
  var forcesEnd: Bool?
  var renormalizes: Bool?
  var badWords: [Int]
  var suppressed: [Int]

  init(_ reader: inout ConfigurationReader, vocabulary: Int, ids: [String: Int]) throws(SourceError) {
    beams = try reader.integer("num_beams", within: 1...1024)
    maximumLength = try reader.integer("max_length", within: 1...1_000_000)
    if let newTokens = try reader.integer("max_new_tokens", within: 1...1_000_000) {
      maximumLength = newTokens + 1
    }
    renormalizes = try reader.value("renormalize_logits").map { _ throws(SourceError) in
      try reader.bool("renormalize_logits", default: false)
    }
    let end = ids["eos_token_id"]
    if let forced = try reader.token("forced_eos_token_id", vocabulary: vocabulary) {
      guard forced == end else {
        throw reader.error(
          .unsupported(key: "forced_eos_token_id", value: "\(forced)", supported: "eos_token_id"))
      }
      forcesEnd = true
    }
    if let forced = reader.value("forced_bos_token_id") {
      throw reader.error(
        .unsupported(key: "forced_bos_token_id", value: forced.excerpt, supported: "null"))
    }
    // As transformers does: the end token can't be a bad word.
    badWords = try reader.tokens("bad_words_ids", nested: true, vocabulary: vocabulary).filter { $0 != end }
    suppressed = try reader.tokens("suppress_tokens", nested: false, vocabulary: vocabulary)
    if let end, suppressed.contains(end) {
      throw reader.error(
        .contradiction(
          key: "suppress_tokens", value: "\(suppressed)", other: "eos_token_id", otherValue: "\(end)"))
    }
  }

  /// Takes what another file says instead. Suppressed ids add up: neither file wants them back.
  mutating func update(with newer: Settings) {
    beams = newer.beams ?? beams
    maximumLength = newer.maximumLength ?? maximumLength
    forcesEnd = newer.forcesEnd ?? forcesEnd
    renormalizes = newer.renormalizes ?? renormalizes
    badWords += newer.badWords
    suppressed += newer.suppressed
  }

  func checkIDs(
    _ ids: [String: Int], config: String, reader: inout ConfigurationReader, vocabulary: Int
  ) throws(SourceError) {
    for (key, id) in ids.sorted(by: { $0.key < $1.key }) {
      guard let other = try reader.token(key, vocabulary: vocabulary), other != id else { continue }
      throw reader.error(
        .contradiction(key: key, value: "\(other)", other: "\(config): \(key)", otherValue: "\(id)"))
    }
  }
}
