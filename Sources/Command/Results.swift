import Swiftlet
import SwiftletPlatform
import SwiftletTransformer

/// Translates texts, alone or in batches, and writes what comes of each in the order of the texts.
@safe struct Results: ~Copyable {
  private let options: Options
  private let kind: StaticText
  var output: DescriptorSink
  var digest = Digest()
  /// How many texts were taken.
  var number = 0
  private(set) var hasFailed = false
  /// The last text, a word of the command line or in the input's buffer.
  private var text = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
  /// Whether texts are lines of standard input.
  let kindIsLine: Bool
  /// How far the run is.
  var progress: Progress

  /// - Parameter kind: What a text is called in an error, before its number.
  @inline(never)
  init(
    _ options: Options, kind: StaticText, progress: Progress, buffer: UnsafeMutableRawBufferPointer
  ) {
    self.progress = progress
    self.options = options
    self.kind = kind
    kindIsLine = options.textCount == 0
    output = unsafe DescriptorSink(descriptor: 1, buffer: buffer)
  }

  /// Translates one text, or keeps it until the batch is full. Returns false if a result could not be written.
  @inline(never)
  mutating func add(_ text: UnsafeRawBufferPointer, _ translator: inout Translator) -> Bool {
    if options.streams { return unsafe stream(text, &translator) }
    unsafe self.text = text
    do {
      try unsafe translator.add(Span(_unsafeBytes: text))
      if options.task.echoes { unsafe output.write(text) }
    } catch {
      fail(error, &translator)
      return output.failure == nil
    }
    if translator.batchCount == translator.layout.limits.batch { writeBatch(&translator) }
    return output.failure == nil
  }

  /// Translates one text, and writes it as it comes.
  private mutating func stream(_ text: UnsafeRawBufferPointer, _ translator: inout Translator) -> Bool {
    do {
      try unsafe Self.stream(text, &translator, options, to: &output)
    } catch {
      report(error)
      return output.failure == nil
    }
    // Nothing of it waits to be written.
    translator.clear()
    number += 1
    output.write("\n")
    output.flush()
    return output.failure == nil
  }

  private static func stream(
    _ text: UnsafeRawBufferPointer, _ translator: inout Translator, _ options: Options,
    to output: inout DescriptorSink
  ) throws(SwiftletError) {
    var echoes = options.task.echoes
    try unsafe translator.stream(Span(_unsafeBytes: text), maximumTokens: options.maximumTokens) { piece in
      // Not before it is known that the text can be taken.
      if echoes { unsafe output.write(text) }
      echoes = false
      output.write(piece)
      output.flush()
      return output.failure == nil
    }
    if echoes { unsafe output.write(text) }
  }

  /// Translates what the batch holds, and writes it in order.
  @inline(never)
  private mutating func writeBatch(_ translator: inout Translator) {
    translator.translateAll(maximumTokens: options.maximumTokens)
    for index in 0..<translator.batchCount where output.failure == nil {
      do throws(SwiftletError) {
        try write(index, &translator)
        progress.add(tokens: translator.ids.count)
        try writeAttention(index, &translator)
      } catch {
        report(error)
        continue
      }
    }
    translator.clear()
  }

  /// Writes what the tokens of the best hypothesis attended to, if that was asked for.
  @inline(never)
  private mutating func writeAttention(
    _ index: Int, _ translator: inout Translator
  ) throws(SwiftletError) {
    guard let path = options.task.attention else { return }
    try translator.select(index)
    let text = unsafe text
    let isWritten = AttentionFile.write(path) {
      unsafe translator.writeAttention(Span(_unsafeBytes: text), to: &$0)
    }
    if !isWritten { fail() }
  }

  /// Notes that something could not be done.
  mutating func fail() { hasFailed = true }

  private mutating func write(_ index: Int, _ translator: inout Translator) throws(SwiftletError) {
    if options.isDigest {
      try translator.select(index)
      digest.update(translator.ids, translator.logProbabilities)
      number += 1
      return
    }
    let hasMany = options.decoding.shown > 1
    if options.isJSON {
      try JSONText.write(
        &translator, index, hypotheses: hasMany, aligns: options.decoding.aligns, to: &output)
    } else if hasMany {
      try writeHypotheses(index, &translator)
    } else {
      try translator.select(index)
      output.write(translator.text)
      writeAlignment(&translator)
      output.write("\n")
    }
    number += 1
    output.flush()
  }

  /// A tab, and the pairs of words that belong together; or what each token of the target attended to, as Marian's
  /// `--alignment soft` has it: weights with commas between them. Nothing if nobody asked.
  @inline(never)
  private mutating func writeAlignment(_ translator: inout Translator) {
    guard options.decoding.aligns else { return }
    translator.align()
    output.write("\t")
    if options.decoding.alignsSoftly { return Self.writeWeights(translator, to: &output) }
    var isFirst = true
    translator.forEachAlignedPair { source, target in
      if !isFirst { output.write(" ") }
      output.write(source)
      output.write("-")
      output.write(target)
      isFirst = false
    }
  }

  private static func writeWeights(_ translator: borrowing Translator, to output: inout DescriptorSink) {
    for token in translator.ids.indices {
      let weights = translator.attention(token)
      for index in weights.indices {
        if token > 0 || index > 0 { output.write(index > 0 ? "," : " ") }
        output.write(Double(weights[index]), decimals: 6)
      }
    }
  }

  /// A line for each hypothesis: the number of the text, the score, the translation, with tabs between them.
  @inline(never)
  private mutating func writeHypotheses(_ index: Int, _ translator: inout Translator) throws(SwiftletError) {
    try translator.select(index)
    for rank in 0..<max(1, translator.hypothesisCount) {
      try translator.select(index, rank: rank)
      output.write(number + 1)
      output.write("\t")
      output.write(Double(translator.score), decimals: 6)
      output.write("\t")
      output.write(translator.text)
      writeAlignment(&translator)
      output.write("\n")
    }
  }

  /// Reports a text that could not be translated, after the results of those before it.
  mutating func fail(_ error: SwiftletError, _ translator: inout Translator) {
    writeBatch(&translator)
    report(error)
  }

  /// Reports a text that could not be translated, and keeps its place in the output.
  @inline(never)
  mutating func report(_ error: SwiftletError) {
    number += 1
    hasFailed = true
    progress.clear()
    Console.complain {
      $0.write(kind)
      $0.write(number)
      $0.write(": ")
      error.describe(to: &$0)
    }
    guard !options.isDigest, !options.task.isRaw else { return }
    if options.isJSON {
      output.write("{\"error\": \"")
      error.describe(to: &output)
      output.write("\"}")
    }
    output.write("\n")
    output.flush()
  }

  /// Writes what the batch still holds, and the digest, if that was asked for, and says how it all ended.
  mutating func finish(_ translator: inout Translator) -> ExitStatus {
    writeBatch(&translator)
    return end()
  }

  /// Writes the digest, if that was asked for, and says how it all ended.
  @inline(never)
  mutating func end() -> ExitStatus {
    progress.end()
    if options.isDigest {
      output.write(hexadecimal: digest.value)
      output.write("\n")
    }
    output.flush()
    let status = Console.finish(output.failure)
    return hasFailed ? .failure : status
  }
}
