/// Encoding a source, with the keys and values that the decoder takes from it; for a decoder alone, reading a prompt and
/// scoring the token after it.
struct EncodingResult: Measured {
  let setting: Setting
  let sourceTokens: Int
  let milliseconds: Double
  /// From the fastest sample to the slowest, in percent of the median.
  let spread: Double
  /// Products with weights; attention's own are left out.
  let gigaoperationsPerSecond: Double
  /// Of what multiplying in registers reaches, measured right before and after.
  let percentOfPeak: Double?

  static let part = "encoding"
  static let title = "Encoding, or reading a prompt"
  static var columns: [Column<Self>] {
    Setting.columns { $0.setting } + [
      Column("source_tokens", "source tokens") { .count($0.sourceTokens) },
      Column("milliseconds", "ms") { .number($0.milliseconds, decimals: 3) },
      Column("milliseconds_spread_percent", "spread") { .percent($0.spread) },
      Column("gigaoperations_per_second", "Gop/s") { .number($0.gigaoperationsPerSecond, decimals: 0) },
      Column("percent_of_peak", "of the peak") { .percent($0.percentOfPeak) },
    ]
  }
}

/// Greedy decoding of a target, from a source of `sourceTokens`.
struct DecodingResult: Measured {
  let setting: Setting
  let sourceTokens: Int
  let targetTokens: Int
  let millisecondsPerToken: Double
  /// From the fastest sample to the slowest, in percent of the median.
  let spread: Double
  /// Weights read.
  let gigabytesPerSecond: Double
  /// Of what reading as many bytes again and again reaches, measured right before and after.
  let percentOfBandwidth: Double
  /// Over the tokens and their log-probabilities.
  let digest: String
  /// The digest of the first kernels that were measured.
  let expectedDigest: String

  static let part = "decoding"
  static let title = "Decoding, greedy, not stopping at the end token"
  static var columns: [Column<Self>] {
    Setting.columns { $0.setting } + [
      Column("source_tokens", "source tokens") { .count($0.sourceTokens) },
      Column("target_tokens", "target tokens") { .count($0.targetTokens) },
      Column("milliseconds_per_token", "ms/token") { .number($0.millisecondsPerToken, decimals: 4) },
      Column("milliseconds_per_token_spread_percent", "spread") { .percent($0.spread) },
      Column("tokens_per_second", "tokens/s") { .number(1000 / $0.millisecondsPerToken, decimals: 0) },
      Column("gigabytes_per_second", "GB/s") { .number($0.gigabytesPerSecond, decimals: 1) },
      Column("percent_of_bandwidth", "of the roof") { .percent($0.percentOfBandwidth) },
      digestColumn({ $0.digest }, expected: { $0.expectedDigest }),
    ]
  }
}

/// The digest, and what it should have been where it is another.
func digestColumn<Row>(
  _ digest: @escaping (Row) -> String, expected: @escaping (Row) -> String
) -> Column<Row> {
  Column("digest", "digest") {
    .text(digest($0) == expected($0) ? digest($0) : "\(digest($0)), EXPECTED \(expected($0))")
  }
}
