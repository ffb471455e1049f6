import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// `swiftlet score MODEL [TEXT …]`
struct ScoreTask: ~Copyable, SingleTextTask {
  private var scorer: Scorer
  private let isJSON: Bool
  private let isDigest: Bool

  init(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) {
    scorer = try Scorer(
      file, source: options.maximumSource, target: options.maximumTarget, threads: options.threads,
      kernels: options.kernels, budget: options.memory)
    isJSON = options.isJSON
    isDigest = options.isDigest
  }

  var inputBytes: UnsafeMutableRawBufferPointer { unsafe scorer.input }
  var outputBytes: UnsafeMutableRawBufferPointer { unsafe scorer.output }
  var longestLine: Int { scorer.layout.textBytes }

  mutating func write(_ text: Span<UInt8>, _ results: inout Results) throws(SwiftletError) {
    if scorer.model.architecture.task == .translation {
      guard let tab = firstTab(text) else { throw .noSecondText }
      try scorer.score(text.extracting(tab + 1..<text.count), after: text.extracting(0..<tab))
    } else {
      try scorer.score(text)
    }
    if isDigest {
      results.digest.update(scorer.ids, scorer.logProbabilities)
    } else if isJSON {
      writeJSON(&results.output)
    } else {
      results.output.write(Double(scorer.total), decimals: 6)
      results.output.write("\t")
      results.output.write(scorer.ids.count)
      results.output.write("\t")
      results.output.write(Double(scorer.perplexity), decimals: 6)
      results.output.write("\n")
    }
  }

  private func writeJSON(_ output: inout DescriptorSink) {
    output.write("{\"log_probability\": ")
    JSONText.writeNumber(scorer.total, to: &output)
    output.write(", \"perplexity\": ")
    JSONText.writeNumber(scorer.perplexity, to: &output)
    output.write(", \"tokens\": [")
    JSONText.writePieces(scorer.ids, scorer.tokenizer, to: &output)
    output.write("], \"ids\": [")
    JSONText.writeNumbers(scorer.ids, to: &output)
    output.write("], \"log_probabilities\": [")
    JSONText.writeNumbers(scorer.logProbabilities, to: &output)
    output.write("]}\n")
  }
}
