import Swiftlet
import SwiftletTransformer

/// The forward pass alone: encoding by the source's length, decoding by the target's.
enum StepBenchmark {
  static let lengths = [8, 16, 32, 64, 128]
  static let sourceOfDecoding = 16

  /// Encoding pseudorandom sources.
  static func encoding(_ translator: inout Translator, repeats: Int) -> [EncodingResult] {
    lengths.filter { $0 <= translator.workspace.limits.source }.map { length in
      let ids = source(length, translator.model)
      let time = medianSeconds(repeats: repeats) { translator.workspace.encode(ids.span, translator.model) }
      return EncodingResult(sourceTokens: length, milliseconds: time * 1e3)
    }
  }

  /// Greedy decoding that doesn't stop at the end token. `bandwidth` is that of a working set of the bytes that a
  /// token reads.
  static func decoding(
    _ translator: inout Translator, repeats: Int, bytesPerToken: Int, bandwidth: Double?
  ) -> [DecodingResult] {
    let ids = source(min(sourceOfDecoding, translator.workspace.limits.source), translator.model)
    return lengths.filter { $0 <= translator.workspace.limits.target }.map { length in
      var samples: [Double] = []
      // A warm-up, then the samples; each needs the source encoded anew, which starts the target anew.
      for _ in 0...max(repeats, 512 / length) {
        translator.workspace.encode(ids.span, translator.model)
        samples.append(seconds { decode(length, &translator) } / Double(length))
      }
      let time = median(Array(samples.dropFirst()))
      let roof = bandwidth.map { Double(bytesPerToken) / ($0 * 1e9) }
      return DecodingResult(
        sourceTokens: ids.count, targetTokens: length, millisecondsPerToken: time * 1e3,
        tokensPerSecond: 1 / time, percentOfRoof: roof.map { 100 * $0 / time })
    }
  }

  private static func decode(_ count: Int, _ translator: inout Translator) {
    var previous = translator.model.file.decoding.startToken
    for _ in 0..<count {
      translator.workspace.step(previous, translator.model)
      translator.workspace.chooseLikeliest(translator.model)
      previous = translator.workspace.choice().index
    }
  }

  /// `length` tokens, the last of them the end token.
  private static func source(_ length: Int, _ model: borrowing Model) -> [UInt32] {
    let vocabulary = model.architecture.sourceVocabulary
    var ids = (0..<length).map { UInt32(truncatingIfNeeded: ($0 * 7919 + 101) % vocabulary) }
    ids[length - 1] = UInt32(truncatingIfNeeded: model.file.decoding.endToken)
    return ids
  }
}
