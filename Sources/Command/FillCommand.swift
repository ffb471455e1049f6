import Swiftlet
import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// `swiftlet fill MODEL [TEXT …]`
struct FillTask: ~Copyable, SingleTextTask {
  private var embedder: Embedder
  private let options: Options
  private let mask: UInt32
  private let top: Int

  init(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) {
    let embedder = try Embedder(
      file, longest: options.maximumSource, threads: options.threads, kernels: options.kernels,
      budget: options.memory)
    guard let mask = embedder.maskToken else { throw .noMaskToken }
    self.mask = mask
    self.embedder = embedder
    self.options = options
    top = options.task.top ?? 5
  }

  var inputBytes: UnsafeMutableRawBufferPointer { unsafe embedder.input }
  var outputBytes: UnsafeMutableRawBufferPointer { unsafe embedder.output }
  var longestLine: Int { embedder.layout.textBytes }

  mutating func write(_ text: Span<UInt8>, _ results: inout Results) throws(SwiftletError) {
    try embedder.encode(text, truncates: options.task.truncates)
    var masks = 0
    for place in 0..<embedder.ids.count where embedder.ids[place] == mask {
      embedder.runHead(token: place)
      let best = TopScores(embedder.result, most: top, .softmax, embedder.workspace.kernels)
      if options.isDigest {
        best.update(&results.digest)
      } else {
        if options.isJSON {
          results.output.write(masks > 0 ? ", {\"position\": " : "{\"masks\": [{\"position\": ")
          results.output.write(place)
          results.output.write(", \"candidates\": [")
        }
        for rank in 0..<best.count { try write(best, rank, place, &results.output) }
        if options.isJSON { results.output.write("]}") }
      }
      masks += 1
    }
    guard masks > 0 else { throw .noMask }
    if !options.isDigest { results.output.write(options.isJSON ? "]}\n" : "\n") }
  }

  /// Token, probability, and the text with it.
  private mutating func write(
    _ best: TopScores, _ rank: Int, _ place: Int, _ output: inout DescriptorSink
  ) throws(SwiftletError) {
    let id = best.id(rank)
    try embedder.fill(place, with: id)
    let piece = embedder.tokenizer.pieceText(id)
    guard options.isJSON else {
      writePiece(piece, to: &output)
      output.write("\t")
      output.write(Double(best.probability(rank)), decimals: 6)
      output.write("\t")
      output.write(embedder.filledText)
      output.write("\n")
      return
    }
    output.write(rank > 0 ? ", {\"token\": " : "{\"token\": ")
    JSONText.writeString(piece, to: &output)
    output.write(", \"id\": ")
    output.write(id)
    output.write(", \"probability\": ")
    JSONText.writeNumber(best.probability(rank), to: &output)
    output.write(", \"text\": ")
    JSONText.writeString(embedder.filledText, to: &output)
    output.write("}")
  }
}
