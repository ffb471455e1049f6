import Swiftlet
import SwiftletKernelSelection
import SwiftletTransformer

/// The forward pass with several threads, and with several sentences together.
struct ScalingBenchmark {
  let model: ModelDescription
  let threads: [Int]
  let batches: [Int]
  let repeats: Int

  static let sourceTokens = 24
  static let targetTokens = 32

  /// Every count of threads with every batch, each by turns with one thread and one sentence.
  func measure(_ set: InstructionSet) throws(SwiftletError) -> [ScalingResult] {
    var results: [ScalingResult] = []
    for threads in threads {
      for batch in batches { results.append(try measure(set, threads: threads, batch: batch)) }
    }
    return results
  }

  private func measure(
    _ set: InstructionSet, threads: Int, batch: Int
  ) throws(SwiftletError) -> ScalingResult {
    var alone = try Sentences(model.path, set, threads: 1, batch: 1)
    var together = try Sentences(model.path, set, threads: threads, batch: batch)
    var rounds: [(encode: (Double, Double), decode: (Double, Double))] = []
    for _ in 0..<max(repeats, 3) {
      let one = alone.run()
      let many = together.run()
      rounds.append(((one.encode, many.encode), (one.decode, many.decode)))
    }
    return ScalingResult(
      setting: Setting(model: model.name, kernel: set.description), threads: threads, batch: batch,
      sourceTokens: Self.sourceTokens, targetTokens: Self.targetTokens,
      encodeMilliseconds: 1e3 * median(rounds.map(\.encode.1)),
      decodedTokensPerSecond: 1 / median(rounds.map(\.decode.1)),
      encodeSpeedup: median(rounds.map { $0.encode.0 / $0.encode.1 }),
      decodeSpeedup: median(rounds.map { $0.decode.0 / $0.decode.1 }),
      arenaBytes: together.arenaBytes, digest: together.digest)
  }
}

/// Pseudorandom sentences that are encoded, and decoded together.
private struct Sentences: ~Copyable {
  private var translator: Translator
  private let sources: [[UInt32]]
  private let slots: [UInt32]
  private(set) var digest = ""

  init(_ path: String, _ set: InstructionSet, threads: Int, batch: Int) throws(SwiftletError) {
    translator = try unsafe Translator(
      path: path, source: ScalingBenchmark.sourceTokens, target: ScalingBenchmark.targetTokens, batch: batch,
      threads: threads, kernels: set.kernels ?? InstructionSet.fastestKernels)
    let vocabulary = translator.model.architecture.sourceVocabulary
    let end = UInt32(truncatingIfNeeded: translator.model.file.decoding.endToken)
    sources = (0..<batch).map { sentence in
      let ids = (1..<ScalingBenchmark.sourceTokens).map {
        ($0 * 7919 + sentence * 104_729 + 101) % vocabulary
      }
      return ids.map { UInt32($0) } + [end]
    }
    slots = (0..<UInt32(batch)).map { $0 }
  }

  var arenaBytes: Int { translator.layout.plan.size }

  /// Encodes and decodes all; returns the seconds for one sentence and for one token.
  mutating func run() -> (encode: Double, decode: Double) {
    let encode = seconds { Self.encode(sources, &translator) }
    var hash = Digest()
    let decode = seconds { Self.decode(slots, &translator, &hash) }
    digest = hexadecimal(hash.value)
    let sentences = Double(sources.count)
    return (encode / sentences, decode / (sentences * Double(ScalingBenchmark.targetTokens)))
  }

  private static func encode(_ sources: [[UInt32]], _ translator: inout Translator) {
    for (slot, ids) in sources.enumerated() {
      translator.workspace.encode(ids.span, source: slot, translator.model)
    }
  }

  private static func decode(_ slots: [UInt32], _ translator: inout Translator, _ hash: inout Digest) {
    let start = UInt32(truncatingIfNeeded: translator.model.file.decoding.startToken)
    var previous = slots.map { _ in start }
    var logProbabilities = slots.map { _ in Float(0) }
    for _ in 0..<ScalingBenchmark.targetTokens {
      translator.workspace.step(previous.span, slots: slots.span, translator.model)
      translator.workspace.chooseLikeliest(translator.model)
      for row in slots.indices {
        let choice = translator.workspace.choice(row: row)
        previous[row] = UInt32(truncatingIfNeeded: choice.index)
        logProbabilities[row] = choice.logProbability
      }
      hash.update(previous.span, logProbabilities.span)
    }
  }
}
