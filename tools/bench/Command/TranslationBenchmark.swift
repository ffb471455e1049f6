import Swiftlet
import SwiftletDecoding
import SwiftletKernelSelection
import SwiftletTransformer

/// Whole translations, one sentence at a time, as a program would make them.
struct TranslationBenchmark {
  let model: String
  let path: String
  let sentences: [[UInt8]]
  let repeats: Int
  /// The digest of the first set after each sentence.
  private var expected: [UInt64] = []

  init(model: String, path: String, sentences: [[UInt8]], repeats: Int) {
    self.model = model
    self.path = path
    self.sentences = sentences
    self.repeats = repeats
  }

  /// The sentences that a set is given: the plain reference is there to be right, not fast.
  private func share(of set: InstructionSet) -> ArraySlice<[UInt8]> {
    set == .plain ? sentences.prefix(10) : sentences[...]
  }

  /// Translates with the kernels of one set, greedily, and with guessed tokens at each step. The first digest is what the
  /// others are expected to be.
  mutating func measure(_ set: InstructionSet, drafts: Int) throws(SwiftletError) -> TranslationResult {
    restartPeakOfResidentBytes()
    let before = residentBytes().now
    let file = try unsafe openModelFile(path)
    var settings = SearchSettings(file.decoding)
    settings.beams = 1
    settings.drafts = drafts
    var translator = try Translator(
      file, search: settings, kernels: set.kernels ?? InstructionSet.fastestKernels)
    let texts = share(of: set)
    // The first pass warms up, and gathers the sources' tokens and the digest.
    var digest = Digest()
    var digests: [UInt64] = []
    var sources: [[UInt32]] = []
    var targetTokens = 0
    for text in texts {
      try translator.translate(text.span)
      digest.update(translator.ids, translator.logProbabilities)
      digests.append(digest.value)
      sources.append(translator.sourceIDs.indices.map { translator.sourceIDs[$0] })
      targetTokens += translator.ids.count
    }
    if expected.isEmpty { expected = digests }
    var whole: [Double] = []
    var modelAlone: [Double] = []
    for _ in 0..<(set == .plain ? 1 : repeats) {
      // What drafts are guessed from is what this pass has translated.
      translator.forgetDrafts()
      whole.append(
        try seconds { () throws(SwiftletError) in for text in texts { try translator.translate(text.span) } })
      translator.forgetDrafts()
      modelAlone.append(
        try seconds { () throws(SwiftletError) in for ids in sources { try Self.run(ids, &translator) } })
    }
    let (time, modelTime, count) = (median(whole), median(modelAlone), Double(texts.count))
    return TranslationResult(
      setting: Setting(model: model, kernel: set.description), drafts: drafts, sentences: texts.count,
      sourceTokens: sources.reduce(0) { $0 + $1.count }, targetTokens: targetTokens,
      millisecondsPerSentence: 1e3 * modelTime / count,
      millisecondsPerSentenceWithTokenizer: 1e3 * time / count,
      tokensPerSecond: Double(targetTokens) / modelTime,
      tokensPerSecondWithTokenizer: Double(targetTokens) / time,
      peakResidentBytes: residentBytes().peak, residentBytesBefore: before,
      digest: hexadecimal(digest.value),
      expectedDigest: hexadecimal(
        expected.count >= digests.count ? expected[digests.count - 1] : digest.value))
  }

  /// The model alone: from the source's tokens to the target's.
  private static func run(_ ids: [UInt32], _ translator: inout Translator) throws(SwiftletError) {
    translator.clear()
    try translator.add(tokens: ids.span)
    translator.translateAll()
  }
}

/// A digest as the command line prints it.
func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
