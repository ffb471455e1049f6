/// Whole translations, one sentence at a time.
struct TranslationResult: Measured {
  let setting: Setting
  /// How many tokens were guessed at each step.
  let drafts: Int
  let sentences: Int
  let sourceTokens: Int
  let targetTokens: Int
  let millisecondsPerSentence: Double
  let millisecondsPerSentenceWithTokenizer: Double
  let tokensPerSecond: Double
  let tokensPerSecondWithTokenizer: Double
  /// The process's peak resident set with these kernels, and its resident set before the model was opened.
  let peakResidentBytes: Int
  let residentBytesBefore: Int
  /// Over tokens and log-probabilities of these sentences.
  let digest: String
  /// The digest of the first kernels over as many sentences.
  let expectedDigest: String

  static let part = "translations"
  static let title = "Translations, one sentence at a time, greedy"
  static var columns: [Column<Self>] {
    Setting.columns { $0.setting } + [
      Column("drafts", "drafts") { .count($0.drafts) },
      Column("sentences", "sentences") { .count($0.sentences) },
      Column("source_tokens", "tokens in") { .count($0.sourceTokens) },
      Column("target_tokens", "out") { .count($0.targetTokens) },
      Column("milliseconds_per_sentence", "ms/sentence") { .number($0.millisecondsPerSentence, decimals: 3) },
      Column("tokens_per_second", "tokens/s") { .number($0.tokensPerSecond, decimals: 0) },
      Column("milliseconds_per_sentence_with_tokenizer", "with tokenizer: ms") {
        .number($0.millisecondsPerSentenceWithTokenizer, decimals: 3)
      },
      Column("tokens_per_second_with_tokenizer", "tokens/s") {
        .number($0.tokensPerSecondWithTokenizer, decimals: 0)
      },
      Column("resident_bytes_before", "RSS before") { .count($0.residentBytesBefore) },
      Column("peak_resident_bytes", "peak RSS") { .count($0.peakResidentBytes) },
      digestColumn({ $0.digest }, expected: { $0.expectedDigest }),
    ]
  }
}
