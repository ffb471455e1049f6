import Swiftlet
import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// `swiftlet classify MODEL [TEXT …]`
struct ClassifyTask: ~Copyable, SingleTextTask {
  private var embedder: Embedder
  private let options: Options
  private let function: ScoreFunction
  private let top: Int

  init(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) {
    function = ScoreFunction(file)
    top = min(options.task.top ?? 1, file.architecture.head.classes)
    embedder = try Embedder(
      file, longest: options.maximumSource, threads: options.threads, kernels: options.kernels,
      budget: options.memory)
    self.options = options
  }

  var inputBytes: UnsafeMutableRawBufferPointer { unsafe embedder.input }
  var outputBytes: UnsafeMutableRawBufferPointer { unsafe embedder.output }
  var longestLine: Int { embedder.layout.textBytes }

  mutating func write(_ text: Span<UInt8>, _ results: inout Results) throws(SwiftletError) {
    if embedder.tokenizer.encodesPairs, let tab = firstTab(text) {
      try embedder.encode(
        text.extracting(0..<tab), text.extracting(tab + 1..<text.count), truncates: options.task.truncates)
    } else {
      try embedder.encode(text, truncates: options.task.truncates)
    }
    if embedder.model.architecture.task == .tokenClasses {
      writeTokens(&results)
    } else {
      embedder.runHead()
      let best = scores()
      if options.isDigest {
        best.update(&results.digest)
      } else if options.isJSON {
        results.output.write("{")
        writeJSON(best, &results.output)
        results.output.write("}\n")
      } else {
        writeLines(best, &results.output)
      }
    }
  }

  private func scores() -> TopScores {
    TopScores(embedder.result, most: top, function, embedder.workspace.kernels)
  }

  /// A line for each class; several of them end with an empty line.
  private func writeLines(_ best: TopScores, _ output: inout DescriptorSink) {
    for rank in 0..<best.count {
      writeLabel(best.id(rank), &output)
      output.write("\t")
      output.write(Double(best.probability(rank)), decimals: 6)
      output.write("\n")
    }
    if top > 1 || best.count == 0 { output.write("\n") }
  }

  /// `"label": …, "probability": …`, and with `--top` all `"classes"`.
  private func writeJSON(_ best: TopScores, _ output: inout DescriptorSink) {
    guard best.count > 0 else { return }
    writeClass(best, 0, &output)
    guard options.task.top != nil else { return }
    output.write(", \"classes\": [")
    for rank in 0..<best.count {
      output.write(rank > 0 ? ", {" : "{")
      writeClass(best, rank, &output)
      output.write("}")
    }
    output.write("]")
  }

  private func writeClass(_ best: TopScores, _ rank: Int, _ output: inout DescriptorSink) {
    output.write("\"label\": ")
    JSONText.writeString(label(best.id(rank)), to: &output)
    output.write(", \"probability\": ")
    JSONText.writeNumber(best.probability(rank), to: &output)
  }

  /// The class of each token that is not the template's.
  private mutating func writeTokens(_ results: inout Results) {
    if options.isJSON, !options.isDigest { results.output.write("{\"tokens\": [") }
    var isFirst = true
    for place in 0..<embedder.ids.count {
      let id = embedder.ids[place]
      guard embedder.tokenizer.pieceType(id) != .control else { continue }
      embedder.runHead(token: place)
      let best = scores()
      if options.isDigest {
        best.update(&results.digest)
      } else if options.isJSON {
        results.output.write(isFirst ? "{\"token\": " : ", {\"token\": ")
        JSONText.writeString(embedder.tokenizer.pieceText(id), to: &results.output)
        results.output.write(", ")
        writeJSON(best, &results.output)
        results.output.write("}")
      } else {
        for rank in 0..<best.count {
          writePiece(embedder.tokenizer.pieceText(id), to: &results.output)
          results.output.write("\t")
          writeLabel(best.id(rank), &results.output)
          results.output.write("\t")
          results.output.write(Double(best.probability(rank)), decimals: 6)
          results.output.write("\n")
        }
      }
      isFirst = false
    }
    if !options.isDigest { results.output.write(options.isJSON ? "]}\n" : "\n") }
  }

  private func writeLabel(_ id: UInt32, _ output: inout DescriptorSink) { output.write(label(id)) }

  /// A class's name; without one, nothing.
  @_lifetime(borrow self)
  private func label(_ id: UInt32) -> Span<UInt8> {
    let bytes = unsafe embedder.model.file.metadata.value("label-", Int(truncatingIfNeeded: id))
    let span = unsafe Span<UInt8>(_unsafeBytes: bytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
    return unsafe _overrideLifetime(span, borrowing: self)
  }
}
