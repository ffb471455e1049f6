/// How encoding and decoding grow with threads and with sentences together.
struct ScalingResult: Measured {
  let setting: Setting
  let threads: Int
  let batch: Int
  let sourceTokens: Int
  let targetTokens: Int
  /// For one sentence.
  let encodeMilliseconds: Double
  let decodedTokensPerSecond: Double
  /// By turns with one thread and one sentence: the medians of the rounds' ratios.
  let encodeSpeedup: Double
  let decodeSpeedup: Double
  /// The arena: all that a run writes to.
  let arenaBytes: Int
  /// Over the tokens and their log-probabilities of each sentence.
  let digest: String

  static let part = "scaling"
  static let title = "Threads, and sentences together: by turns with one of each"
  static var columns: [Column<Self>] {
    Setting.columns { $0.setting } + [
      Column("threads", "threads") { .count($0.threads) },
      Column("batch", "batch") { .count($0.batch) },
      Column("source_tokens", "source tokens") { .count($0.sourceTokens) },
      Column("target_tokens", "target tokens") { .count($0.targetTokens) },
      Column("encode_milliseconds", "encode, ms") { .number($0.encodeMilliseconds, decimals: 3) },
      Column("encode_speedup", "×") { .number($0.encodeSpeedup, decimals: 2) },
      Column("decoded_tokens_per_second", "tokens/s") { .number($0.decodedTokensPerSecond, decimals: 0) },
      Column("decode_speedup", "×") { .number($0.decodeSpeedup, decimals: 2) },
      Column("arena_bytes", "arena") { .count($0.arenaBytes) },
      Column("digest", "digest") { .text($0.digest) },
    ]
  }
}
