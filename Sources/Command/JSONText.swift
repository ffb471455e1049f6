import Swiftlet
import SwiftletPlatform
import SwiftletTokenizers

/// JSON without a heap.
enum JSONText {
  /// One object and a line break: text, tokens, ids, log-probabilities, score, source ids; and, if `hypotheses` are wanted,
  /// the first four of each.
  static func write<Sink: ByteSink & ~Copyable>(
    _ translator: inout Translator, _ sentence: Int, hypotheses: Bool, aligns: Bool, to sink: inout Sink
  ) throws(SwiftletError) {
    try translator.select(sentence)
    sink.write("{")
    writeHypothesis(translator, to: &sink)
    sink.write(", \"source_ids\": [")
    writeNumbers(translator.sourceIDs, to: &sink)
    sink.write("]")
    if aligns { writeAlignment(&translator, to: &sink) }
    if hypotheses {
      sink.write(", \"hypotheses\": [")
      for rank in 0..<translator.hypothesisCount {
        try translator.select(sentence, rank: rank)
        sink.write(rank > 0 ? ", {" : "{")
        writeHypothesis(translator, to: &sink)
        sink.write("}")
      }
      sink.write("]")
    }
    sink.write("}\n")
  }

  /// The pairs of words that belong together, and what each target token attended to.
  private static func writeAlignment<Sink: ByteSink & ~Copyable>(
    _ translator: inout Translator, to sink: inout Sink
  ) {
    translator.align()
    sink.write(", \"alignment\": [")
    var isFirst = true
    translator.forEachAlignedPair { source, target in
      sink.write(isFirst ? "[" : ", [")
      sink.write(source)
      sink.write(", ")
      sink.write(target)
      sink.write("]")
      isFirst = false
    }
    sink.write("], \"attention\": [")
    for token in translator.ids.indices {
      sink.write(token > 0 ? ", [" : "[")
      let weights = translator.attention(token)
      for index in weights.indices {
        if index > 0 { sink.write(", ") }
        writeNumber(weights[index], to: &sink)
      }
      sink.write("]")
    }
    sink.write("]")
  }

  @inline(never)
  private static func writeHypothesis<Sink: ByteSink & ~Copyable>(
    _ translator: borrowing Translator, to sink: inout Sink
  ) {
    sink.write("\"text\": ")
    writeString(translator.text, to: &sink)
    sink.write(", \"tokens\": [")
    writePieces(translator.ids, translator.targetTokenizer, to: &sink)
    sink.write("], \"ids\": [")
    writeNumbers(translator.ids, to: &sink)
    sink.write("], \"log_probabilities\": [")
    writeNumbers(translator.logProbabilities, to: &sink)
    sink.write("], \"score\": ")
    writeNumber(translator.score, to: &sink)
  }

  /// A number to 6 decimals; JSON has neither NaN nor infinities.
  @inline(never)
  static func writeNumber<Sink: ByteSink & ~Copyable>(_ value: Float, to sink: inout Sink) {
    if value.isFinite { sink.write(Double(value), decimals: 6) } else { sink.write("null") }
  }

  /// The texts of tokens.
  @inline(never)
  static func writePieces<Sink: ByteSink & ~Copyable>(
    _ ids: Span<UInt32>, _ tokenizer: Tokenizer, to sink: inout Sink
  ) {
    for index in ids.indices {
      if index > 0 { sink.write(", ") }
      writeString(tokenizer.pieceText(ids[index]), to: &sink)
    }
  }

  static func writeNumbers<Sink: ByteSink & ~Copyable>(_ numbers: Span<Float>, to sink: inout Sink) {
    for index in numbers.indices {
      if index > 0 { sink.write(", ") }
      writeNumber(numbers[index], to: &sink)
    }
  }

  /// A number with nine digits that count, so that it is read back as the same number, down to 1e-9.
  static func writePrecisely<Sink: ByteSink & ~Copyable>(_ value: Float, isJSON: Bool, to sink: inout Sink) {
    guard value.isFinite else {
      sink.write(isJSON ? "null" : "nan")
      return
    }
    var decimals = 8
    var scaled = value.magnitude
    while scaled >= 10, decimals > 0 {
      scaled /= 10
      decimals -= 1
    }
    while scaled < 1, decimals < 17 {
      scaled *= 10
      decimals += 1
    }
    sink.write(Double(value), decimals: value == 0 ? 1 : decimals)
  }

  static func writeNumbers<Sink: ByteSink & ~Copyable>(_ numbers: Span<UInt32>, to sink: inout Sink) {
    for index in numbers.indices {
      if index > 0 { sink.write(", ") }
      sink.write(numbers[index])
    }
  }

  /// A string in quotes; what is no UTF-8, as in pieces that are bytes, becomes U+FFFD.
  @inline(never)
  static func writeString<Sink: ByteSink & ~Copyable>(_ text: Span<UInt8>, to sink: inout Sink) {
    sink.write("\"")
    var start = 0
    while start < text.count {
      let rest = text.extracting(start..<text.count)
      let count = firstInvalidUTF8(in: rest) ?? rest.count
      writeCharacters(rest.extracting(0..<count), to: &sink)
      start += count
      guard start < text.count else { break }
      sink.write("\u{FFFD}")
      start += 1
    }
    sink.write("\"")
  }

  private static func writeCharacters<Sink: ByteSink & ~Copyable>(_ text: Span<UInt8>, to sink: inout Sink) {
    for index in text.indices {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\""): sink.write("\\\"")
      case UInt8(ascii: "\\"): sink.write("\\\\")
      case 0x0A: sink.write("\\n")
      case 0x09: sink.write("\\t")
      case 0..<0x20:
        sink.write("\\u00")
        sink.write(hexadecimal: UInt64(byte), digits: 2)
      default: sink.write(byte: byte)
      }
    }
  }
}
