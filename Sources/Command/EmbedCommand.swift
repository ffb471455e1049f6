import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// `swiftlet embed MODEL [TEXT …]`
struct EmbedTask: ~Copyable, SingleTextTask {
  private var embedder: Embedder
  private let options: TaskOptions
  private let isJSON: Bool
  private let isDigest: Bool
  /// Whether the first of two texts on the command line is still to come.
  private var awaitsFirst: Bool

  init(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) {
    if options.task.pooling == nil, file.architecture.head.pooling == .none { throw .noPooling }
    embedder = try Embedder(
      file, longest: options.maximumSource, threads: options.threads,
      hasAttention: options.task.attention != nil, kernels: options.kernels, budget: options.memory)
    self.options = options.task
    isJSON = options.isJSON
    isDigest = options.isDigest
    awaitsFirst = options.task.compares && options.textCount > 0
  }

  var inputBytes: UnsafeMutableRawBufferPointer { unsafe embedder.input }
  var outputBytes: UnsafeMutableRawBufferPointer { unsafe embedder.output }
  var longestLine: Int { embedder.layout.textBytes }

  mutating func write(_ text: Span<UInt8>, _ results: inout Results) throws(SwiftletError) {
    guard options.compares else {
      try embed(text, &results)
      if !isDigest { writeVector(&results.output) }
      if let path = options.attention, !AttentionFile.write(path, { embedder.writeAttention(text, to: &$0) })
      {
        results.fail()
      }
      return
    }
    if awaitsFirst {
      try embed(text, &results)
      embedder.keepVector()
      awaitsFirst = false
      return
    }
    if results.kindIsLine {
      guard let tab = firstTab(text) else { throw .noSecondText }
      try embed(text.extracting(0..<tab), &results)
      embedder.keepVector()
      try embed(text.extracting(tab + 1..<text.count), &results)
    } else {
      guard !results.hasFailed else { return }
      try embed(text, &results)
    }
    if !isDigest { writeSimilarity(&results.output) }
  }

  private mutating func embed(_ text: Span<UInt8>, _ results: inout Results) throws(SwiftletError) {
    try embedder.embed(text, pooling: options.pooling, truncates: options.truncates)
    if isDigest { results.digest.update(embedder.result) }
  }

  private func writeVector(_ output: inout DescriptorSink) {
    let vector = embedder.result
    if options.isRaw {
      for index in vector.indices { Self.writeRaw(vector[index], &output) }
      return
    }
    if isJSON { output.write("{\"embedding\": [") }
    for index in vector.indices {
      if index > 0 { output.write(isJSON ? ", " : " ") }
      JSONText.writePrecisely(vector[index], isJSON: isJSON, to: &output)
    }
    if isJSON {
      output.write("], \"tokens\": ")
      output.write(embedder.ids.count)
      output.write("}")
    }
    output.write("\n")
  }

  private func writeSimilarity(_ output: inout DescriptorSink) {
    if isJSON { output.write("{\"similarity\": ") }
    output.write(Double(embedder.similarity()), decimals: 6)
    output.write(isJSON ? "}\n" : "\n")
  }

  private static func writeRaw(_ value: Float, _ output: inout DescriptorSink) {
    unsafe withUnsafeBytes(of: value.bitPattern.littleEndian) { unsafe output.write($0) }
  }

  /// A vector without numbers.
  func keepPlace(_ results: inout Results) {
    guard options.isRaw else { return }
    let head = embedder.model.architecture.head
    let width = head.projectionWidth > 0 ? head.projectionWidth : embedder.model.architecture.width
    for _ in 0..<width { Self.writeRaw(Float(bitPattern: 0x7FC0_0000), &results.output) }
  }
}

/// Where the first TAB of a text is.
func firstTab(_ text: Span<UInt8>) -> Int? {
  for index in text.indices where text[index] == 0x09 { return index }
  return nil
}
