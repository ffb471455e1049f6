import Swiftlet
import SwiftletKernelSelection
import SwiftletTransformer

/// The forward pass alone: encoding by the source's length, or reading a prompt by its own; decoding by the target's.
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

  /// Both, with the kernels of one set. Lengths that the model doesn't allow are left out; so is decoding, where there is
  /// no decoder.
  mutating func measure(
    _ set: InstructionSet
  ) throws(SwiftletError) -> (encoding: [EncodingResult], decoding: [DecodingResult]) {
    let architecture = try unsafe openModelFile(model.path).architecture
    let positions = architecture.positions
    let sources = sourceLengths.filter { (2...positions).contains($0) }
    let targets = architecture.decoderLayers == 0 ? [] : targetLengths.filter { $0 <= positions }
    var pass = try ForwardPass(
      model.path, source: max(sources.max() ?? 0, min(Self.sourceOfDecoding, positions)),
      target: targets.max() ?? 1, set.kernels ?? InstructionSet.fastestKernels)
    let setting = Setting(model: model.name, kernel: set.description)
    let encoding = sources.map { encode($0, &pass, setting) }
    let decoding = targets.map { decode($0, &pass, setting) }
    return (encoding, decoding)
  }

  /// Encoding a pseudorandom source, or reading such a prompt.
  private func encode(_ length: Int, _ pass: inout ForwardPass, _ setting: Setting) -> EncodingResult {
    let ids = pass.text(length)
    let before = MultiplyRoof.speed(of: setting.kernel, repeats: repeats)
    let times = sampleSeconds(repeats: repeats) { pass.read(ids) }
    let speed = Double(length * model.operationsPerSourceToken) / median(times) / 1e9
    let after = MultiplyRoof.speed(of: setting.kernel, repeats: repeats)
    let roof = before.flatMap { before in after.map { (before + $0) / 2 } }
    return EncodingResult(
      setting: setting, sourceTokens: length, milliseconds: median(times) * 1e3, spread: spread(times),
      gigaoperationsPerSecond: speed, percentOfPeak: roof.map { 100 * speed / $0 })
  }

  /// Decoding `length` tokens, whether or not the end token is among them.
  private mutating func decode(
    _ length: Int, _ pass: inout ForwardPass, _ setting: Setting
  ) -> DecodingResult {
    let before = bandwidth()
    let ids = pass.text(Self.sourceOfDecoding)
    // The digest's pass is the warm-up.
    pass.begin(ids)
    let digest = hexadecimal(Self.digest(length, &pass))
    let expected = expected[length] ?? digest
    self.expected[length] = expected
    var times: [Double] = []
    for _ in 0..<max(repeats, 64 / length) {
      pass.begin(ids)
      times.append(seconds { pass.decode(length) } / Double(length))
    }
    let speed = Double(model.bytesPerToken) / median(times) / 1e9
    let roof = (before + bandwidth()) / 2
    return DecodingResult(
      setting: setting, sourceTokens: pass.model.architecture.encoderLayers > 0 ? ids.count : 0,
      targetTokens: length,
      millisecondsPerToken: median(times) * 1e3, spread: spread(times), gigabytesPerSecond: speed,
      percentOfBandwidth: 100 * speed / roof, digest: digest, expectedDigest: expected)
  }

  /// How fast as many bytes can be read as a token reads.
  private func bandwidth() -> Double {
    MemoryRoof.measure(workingSet: model.bytesPerToken, repeats: max(repeats, 5)).gigabytesPerSecond
  }

  /// The digest of `count` tokens and their log-probabilities.
  private static func digest(_ count: Int, _ pass: inout ForwardPass) -> UInt64 {
    var ids: [UInt32] = []
    var logProbabilities: [Float] = []
    pass.decode(count) {
      ids.append(UInt32(truncatingIfNeeded: $0.index))
      logProbabilities.append($0.logProbability)
    }
    var digest = Digest()
    digest.update(ids.span, logProbabilities.span)
    return digest.value
  }
}
