import Swiftlet
import SwiftletKernelSelection
import SwiftletTransformer

/// The forward pass alone: encoding by the source's length, decoding by the target's.
struct StepBenchmark {
  let model: ModelDescription
  let sourceLengths: [Int]
  let targetLengths: [Int]
  let repeats: Int
  /// The digests of the first set, by the target's length.
  private var expected: [Int: String] = [:]

  static let sourceOfDecoding = 16

  init(_ model: ModelDescription, sourceLengths: [Int], targetLengths: [Int], repeats: Int) {
    self.model = model
    self.sourceLengths = sourceLengths
    self.targetLengths = targetLengths
    self.repeats = repeats
  }

  /// Both, with the kernels of one set. Lengths that the model doesn't allow are left out.
  mutating func measure(
    _ set: InstructionSet
  ) throws(SwiftletError) -> (encoding: [EncodingResult], decoding: [DecodingResult]) {
    let positions = try openModelFile(model.path).architecture.positions
    let sources = sourceLengths.filter { (2...positions).contains($0) }
    let targets = targetLengths.filter { $0 <= positions }
    var translator = try Translator(
      path: model.path, source: max(sources.max() ?? 0, min(Self.sourceOfDecoding, positions)),
      target: targets.max() ?? 1, kernels: set.kernels ?? InstructionSet.fastestKernels)
    let setting = Setting(model: model.name, kernel: set.description)
    let encoding = sources.map { encode($0, &translator, setting) }
    let decoding = targets.map { decode($0, &translator, setting) }
    return (encoding, decoding)
  }

  /// Encoding a pseudorandom source.
  private func encode(_ length: Int, _ translator: inout Translator, _ setting: Setting) -> EncodingResult {
    let ids = Self.source(length, translator.model)
    let before = MultiplyRoof.speed(of: setting.kernel, repeats: repeats)
    let times = sampleSeconds(repeats: repeats) { translator.workspace.encode(ids.span, translator.model) }
    let speed = Double(length * model.operationsPerSourceToken) / median(times) / 1e9
    let after = MultiplyRoof.speed(of: setting.kernel, repeats: repeats)
    let roof = before.flatMap { before in after.map { (before + $0) / 2 } }
    return EncodingResult(
      setting: setting, sourceTokens: length, milliseconds: median(times) * 1e3, spread: spread(times),
      gigaoperationsPerSecond: speed, percentOfPeak: roof.map { 100 * speed / $0 })
  }

  /// Decoding `length` tokens, whether or not the end token is among them.
  private mutating func decode(
    _ length: Int, _ translator: inout Translator, _ setting: Setting
  ) -> DecodingResult {
    let before = bandwidth()
    let ids = Self.source(min(Self.sourceOfDecoding, translator.layout.limits.source), translator.model)
    // The digest's pass is the warm-up.
    translator.workspace.encode(ids.span, translator.model)
    let digest = hexadecimal(Self.digest(length, &translator))
    let expected = expected[length] ?? digest
    self.expected[length] = expected
    var times: [Double] = []
    for _ in 0..<max(repeats, 64 / length) {
      translator.workspace.encode(ids.span, translator.model)
      times.append(seconds { Self.run(length, &translator) } / Double(length))
    }
    let speed = Double(model.bytesPerToken) / median(times) / 1e9
    let roof = (before + bandwidth()) / 2
    return DecodingResult(
      setting: setting, sourceTokens: ids.count, targetTokens: length,
      millisecondsPerToken: median(times) * 1e3, spread: spread(times), gigabytesPerSecond: speed,
      percentOfBandwidth: 100 * speed / roof, digest: digest, expectedDigest: expected)
  }

  /// How fast as many bytes can be read as a token reads.
  private func bandwidth() -> Double {
    MemoryRoof.measure(workingSet: model.bytesPerToken, repeats: max(repeats, 5)).gigabytesPerSecond
  }

  private static func run(_ count: Int, _ translator: inout Translator) {
    var previous = translator.model.file.decoding.startToken
    for _ in 0..<count {
      translator.workspace.step(previous, translator.model)
      translator.workspace.chooseLikeliest(translator.model)
      previous = translator.workspace.choice().index
    }
  }

  /// The digest of `count` tokens and their log-probabilities.
  private static func digest(_ count: Int, _ translator: inout Translator) -> UInt64 {
    var ids: [UInt32] = []
    var logProbabilities: [Float] = []
    var previous = translator.model.file.decoding.startToken
    for _ in 0..<count {
      translator.workspace.step(previous, translator.model)
      translator.workspace.chooseLikeliest(translator.model)
      let choice = translator.workspace.choice()
      ids.append(UInt32(truncatingIfNeeded: choice.index))
      logProbabilities.append(choice.logProbability)
      previous = choice.index
    }
    var digest = Digest()
    digest.update(ids.span, logProbabilities.span)
    return digest.value
  }

  /// `length` tokens, the last of them the end token.
  private static func source(_ length: Int, _ model: borrowing Model) -> [UInt32] {
    let vocabulary = model.architecture.sourceVocabulary
    var ids = (0..<length).map { UInt32(truncatingIfNeeded: ($0 * 7919 + 101) % vocabulary) }
    ids[length - 1] = UInt32(truncatingIfNeeded: model.file.decoding.endToken)
    return ids
  }
}
