import Swiftlet
import SwiftletDecoding
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers

/// The most bytes that an arena may take: broken models may ask for any number.
let mostMemory = 1 << 26

/// Texts that a task is given.
struct TaskTexts {
  /// The source, the prompt, or the text that is embedded; at a TAB two.
  var text: [UInt8] = Array("ab\tc".utf8)
  /// What a target is forced to begin with.
  var prefix: [UInt8] = []
  /// What a target is kept from, and what ends it.
  var stop: [UInt8] = []
  /// The longest source and target, in tokens.
  var longest = 12
}

/// Opens a model and does what it is made for, with everything that can be asked of it together.
func runTasks(_ bytes: UnsafeRawBufferPointer, _ texts: TaskTexts = TaskTexts()) throws {
  let file = unsafe try ModelFile(MappedFile(memory: bytes))
  let task = file.architecture.task
  _ = unsafe (file.metadata.value("family")?.count, file.tensorData.count, "\(task.name): \(task.text)")
  if task.decodes {
    try decode(file, texts)
    _ = unsafe try? score(try ModelFile(MappedFile(memory: bytes)), texts)
  } else {
    try embed(file, task, texts)
  }
  var tokenizer = unsafe try TextTokenizer(
    try ModelFile(MappedFile(memory: bytes)), target: true, longest: texts.longest, budget: mostMemory)
  try tokenizer.encode(texts.text.span)
  try tokenizer.decode("0 1,2".utf8.span)
}

private func decode(_ file: consuming ModelFile, _ texts: TaskTexts) throws {
  var sizes = ConstraintSizes()
  (sizes.prefixBytes, sizes.suppressedBytes, sizes.suppressedCount) = (
    texts.prefix.count, texts.stop.count, 1
  )
  (sizes.stopBytes, sizes.stopCount) = (texts.stop.count, 1)
  let hasSource = file.architecture.encoderLayers > 0
  (sizes.hasAlignment, sizes.hasAttention, sizes.replacesUnknown) = (hasSource, true, hasSource)
  let isEven = texts.text.count % 2 == 0
  var settings = SearchSettings(file.decoding)
  if isEven { (settings.beams, settings.nBest, settings.noRepeatNGram) = (2, 2, 2) }
  let longest = min(texts.longest, file.architecture.positions)
  // A decoder alone has prompt and target in one sequence.
  let source = hasSource ? longest : longest / 2
  var translator = try Translator(
    file, source: source, target: hasSource ? longest : longest - source, search: settings,
    constraints: sizes, budget: mostMemory)
  try? translator.force(prefix: texts.prefix.span)
  if !texts.stop.isEmpty {
    try? translator.suppress(texts.stop.span)
    try? translator.stop(at: texts.stop.span)
  }
  if isEven { try? translator.answerMessages() }
  try translator.translate(texts.text.span, maximumTokens: 4)
  try isUTF8(translator.text)
  var digest = Digest()
  digest.update(translator.ids, translator.logProbabilities)
  _ = digest.value
  for rank in 0..<translator.hypothesisCount { try translator.select(0, rank: rank) }
  if translator.ids.count > 0, translator.model.architecture.encoderLayers > 0 {
    translator.align()
    for token in translator.ids.indices {
      _ = (translator.alignedSource(token), translator.attention(token).count)
    }
  }
  translator.attend(.decoder, layer: 0)
  if !isEven, settings.beams == 1 { try translator.stream(texts.text.span, maximumTokens: 4) { _ in true } }
}

private func score(_ file: consuming ModelFile, _ texts: TaskTexts) throws {
  let isAlone = file.architecture.encoderLayers == 0
  let longest = min(texts.longest, file.architecture.positions)
  var scorer = try Scorer(file, source: isAlone ? nil : longest, target: longest, budget: mostMemory)
  if isAlone {
    try scorer.score(texts.text.span)
  } else {
    try scorer.score(texts.prefix.span, after: texts.text.span)
  }
  _ = (scorer.total, scorer.perplexity)
}

private func embed(_ file: consuming ModelFile, _ task: ModelTask, _ texts: TaskTexts) throws {
  let longest = min(texts.longest, file.architecture.positions)
  var embedder = try Embedder(file, longest: longest, hasAttention: true, budget: mostMemory)
  if let tab = texts.text.firstIndex(of: 0x09) {
    let (first, second) = (Array(texts.text[..<tab]), Array(texts.text[(tab + 1)...]))
    try? embedder.encode(first.span, second.span, truncates: true)
  }
  if task == .vectors {
    try embedder.embed(texts.text.span, pooling: .maximum)
    embedder.keepVector()
    _ = embedder.similarity()
  }
  try embedder.encode(texts.text.span, truncates: true)
  embedder.runHead(token: embedder.ids.count - 1)
  guard let mask = embedder.maskToken else { return }
  try embedder.fill(0, with: mask)
  try isUTF8(embedder.filledText)
}

private func isUTF8(_ text: Span<UInt8>) throws {
  try expect(firstInvalidUTF8(in: text) == nil, "a text that is not UTF-8")
}
