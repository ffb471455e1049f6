import Swiftlet
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers

/// `swiftlet tokenize MODEL [TEXT …]`
struct TokenizeTask: ~Copyable, SingleTextTask {
  private var texts: TextTokenizer
  private let options: TaskOptions
  private let isJSON: Bool

  init(_ file: consuming ModelFile, _ options: Options) throws(SwiftletError) {
    texts = try TextTokenizer(
      file, target: options.task.usesTarget, longest: options.maximumSource ?? 2048, budget: options.memory)
    self.options = options.task
    isJSON = options.isJSON
  }

  var inputBytes: UnsafeMutableRawBufferPointer { unsafe texts.input }
  var outputBytes: UnsafeMutableRawBufferPointer { unsafe texts.output }
  var longestLine: Int { texts.layout.textBytes }

  mutating func write(_ text: Span<UInt8>, _ results: inout Results) throws(SwiftletError) {
    if options.decodes {
      try texts.decode(text)
      if isJSON {
        results.output.write("{\"text\": ")
        JSONText.writeString(texts.text, to: &results.output)
        results.output.write("}")
      } else {
        results.output.write(texts.text)
      }
    } else {
      try texts.encode(text)
      if isJSON { writeJSON(&results.output) } else { writeItems(&results.output) }
    }
    results.output.write("\n")
  }

  /// `id:piece`, or ids alone, with spaces between them.
  private func writeItems(_ output: inout DescriptorSink) {
    let ids = texts.ids
    for index in ids.indices {
      if index > 0 { output.write(" ") }
      output.write(ids[index])
      guard !options.showsIDs else { continue }
      output.write(":")
      writePiece(texts.tokenizer.pieceText(ids[index]), to: &output)
    }
  }

  private func writeJSON(_ output: inout DescriptorSink) {
    output.write("{\"ids\": [")
    JSONText.writeNumbers(texts.ids, to: &output)
    if !options.showsIDs {
      output.write("], \"tokens\": [")
      JSONText.writePieces(texts.ids, texts.tokenizer, to: &output)
    }
    output.write("]}")
  }
}

/// Writes a token's text as one word: bytes that are no UTF-8, spaces, control characters and backslashes as `\x20`.
func writePiece<Sink: ByteSink & ~Copyable>(_ text: Span<UInt8>, to sink: inout Sink) {
  var start = 0
  while start < text.count {
    let rest = text.extracting(start..<text.count)
    let valid = start + (firstInvalidUTF8(in: rest) ?? rest.count)
    for index in start..<min(valid + 1, text.count) {
      let byte = text[index]
      if index < valid, byte > 0x20, byte != 0x7F, byte != UInt8(ascii: "\\") {
        sink.write(byte: byte)
      } else {
        sink.write("\\x")
        sink.write(hexadecimal: UInt64(byte), digits: 2)
      }
    }
    start = valid + 1
  }
}
