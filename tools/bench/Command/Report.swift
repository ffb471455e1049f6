/// All that a run measured: what `--json` writes. Times are medians; 1 GB is 10⁹ bytes.
struct Report: Encodable {
  var machine = Machine()
  var model: ModelDescription
  var translations: [TranslationResult]?
  var roof: [Bandwidth]?
  var products: [ProductResult]?
  var encoding: [EncodingResult]?
  var decoding: [DecodingResult]?
}

/// The model, and what a decoded token reads of it.
struct ModelDescription: Encodable {
  let path: String
  let bytes: Int
  let checksum: String
  let bytesPerToken: Int
}

/// The speed of reading a buffer of `workingSet` bytes again and again.
struct Bandwidth: Encodable {
  let workingSet: Int
  let gigabytesPerSecond: Double
}

/// One product with a `rows` × `columns` matrix.
struct ProductResult: Encodable {
  let kernel: String
  let rows: Int
  let columns: Int
  /// Inputs that share a scale; 0 for a whole row.
  let group: Int
  let tokens: Int
  let microseconds: Double
  /// Weights read, with their scales.
  let gigabytesPerSecond: Double
  /// A multiplication and an addition count 2.
  let gigaoperationsPerSecond: Double
}

/// Encoding a source, with the keys and values that the decoder takes from it.
struct EncodingResult: Encodable {
  let sourceTokens: Int
  let milliseconds: Double
}

/// Greedy decoding of a target, from a source of `sourceTokens`.
struct DecodingResult: Encodable {
  let sourceTokens: Int
  let targetTokens: Int
  let millisecondsPerToken: Double
  let tokensPerSecond: Double
  /// The time that reading the token's weights takes at the measured bandwidth, in percent of the time taken.
  let percentOfRoof: Double?
}

/// Whole translations, one sentence at a time.
struct TranslationResult: Encodable {
  let kernel: String
  let sentences: Int
  let sourceTokens: Int
  let targetTokens: Int
  let millisecondsPerSentence: Double
  let millisecondsPerSentenceWithTokenizer: Double
  let tokensPerSecond: Double
  let tokensPerSecondWithTokenizer: Double
  /// Over tokens and log-probabilities of these sentences.
  let digest: String
  /// The digest of the first kernel set over as many sentences, where another set was measured.
  let expectedDigest: String
  /// The process's peak resident set so far, and its resident set before the model was opened.
  let peakResidentBytes: Int
  let residentBytesBefore: Int
}
