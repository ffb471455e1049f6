import SwiftletArena
import SwiftletDecoding
import SwiftletKernelSelection
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// Translates sentences in a fixed amount of memory.
///
/// Opening a model maps its file and one arena of the size that `TranslatorLayout` states. After that nothing is
/// allocated. A translator is used by one thread at a time.
///
/// ```swift
/// var translator = try Translator(path: "en-fr.swiftlet")
/// print(try translator.translation(of: "The cat sat on the mat."))
/// ```
public struct Translator: ~Copyable {
  /// The parts of the arena.
  public let layout: TranslatorLayout
  /// The weights.
  public let model: Model
  /// The forward pass.
  public var workspace: Workspace
  /// From text to source tokens.
  public let sourceTokenizer: Tokenizer
  /// From target tokens to text.
  public let targetTokenizer: Tokenizer
  /// A buffer for reading text from the system: `layout.sourceBytes` and a page.
  public var input: ArenaBuffer<UInt8>
  /// A buffer for writing text to the system.
  public var output: ArenaBuffer<UInt8>
  private let arena: Arena
  private var sourceBuffer: ArenaBuffer<UInt32>
  private var sourceCounts: ArenaBuffer<Int>
  var search: Search
  private var stops: StopTexts
  private var shortlist: Shortlist
  private var lexicon: Lexicon?
  private var alignment: Alignment
  /// Which heads' mean `align` takes.
  public var alignmentHeads: AlignmentHeads
  /// What tokens attended to, after `attend`.
  public internal(set) var maps: AttentionMaps
  var readAgain: ArenaBuffer<UInt32>
  var readCount = 0
  private var normalizedText: ArenaBuffer<UInt8>
  private var lattice: ArenaBuffer<LatticeNode>
  var textBuffer: ArenaBuffer<UInt8>
  var sourceTexts: SourceTexts
  /// The token of the source's language, where the tokenizer's template has one, if it is not the model's own.
  public var sourceLanguage: UInt32?
  /// Whether a text is a user's message, to be answered in the form that the model's chat template has.
  private var chats = false
  private var chat: ChatText
  private var count = 0
  private var selected = 0
  /// The number of the selected sentence in the batch.
  var selectedSentence: Int { selected }
  /// The rank of the selected hypothesis.
  private(set) var rank = 0
  private var firstNumber = 0
  private var textCount = 0

  /// Opens the model at `path`, a NUL-terminated name.
  ///
  /// - Parameters:
  ///   - source: The longest source in tokens; nil for the model's, up to 256.
  ///   - target: The longest target in tokens; nil for the model's, up to 256.
  ///   - batch: How many sentences are translated together; see `add`.
  ///   - threads: How many threads share the work, this one included.
  ///   - search: How tokens are chosen; nil for the model's own way.
  ///   - constraints: The sizes of what `force`, `suppress` and `stop` will be given.
  ///   - kernels: The instruction set's kernels; by default the fastest that the processor has.
  ///   - budget: The most bytes that the arena may take.
  public init(
    path: UnsafePointer<CChar>, source: Int? = nil, target: Int? = nil, batch: Int = 1, threads: Int = 1,
    search: SearchSettings? = nil, constraints: ConstraintSizes = ConstraintSizes(),
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    unsafe try self.init(
      try openModelFile(path), source: source, target: target, batch: batch, threads: threads,
      search: search, constraints: constraints, kernels: kernels, budget: budget)
  }

  /// Takes an open file.
  public init(
    _ file: consuming ModelFile, source: Int? = nil, target: Int? = nil, batch: Int = 1, threads: Int = 1,
    search: SearchSettings? = nil, constraints: ConstraintSizes = ConstraintSizes(),
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    let layout = try TranslatorLayout(
      file, source: source, target: target, batch: batch, threads: threads, search: search,
      constraints: constraints)
    let decoding = file.decoding
    let sourceTokenizer = try Swiftlet.sourceTokenizer(of: file)
    let targetTokenizer = try Swiftlet.targetTokenizer(of: file)
    let arena = try mapArena(layout.plan, budget: budget)
    let workspace = try startWorkspace(layout.workspace, in: arena, kernels: kernels)
    model = try bindModel(file, layout.model, in: arena)
    self.workspace = workspace
    sourceBuffer = arena.buffer(layout.sourceIDs)
    sourceCounts = arena.buffer(layout.sourceCounts)
    self.search = Search(
      layout.search, startToken: decoding.startToken, endToken: decoding.endToken, in: arena)
    for index in 1..<max(1, decoding.endCount) { _ = self.search.endAlso(with: decoding.endToken(index)) }
    stops = StopTexts(arena.buffer(layout.stops))
    shortlist = Shortlist(layout.shortlist, in: arena)
    alignment = Alignment(arena.buffer(layout.alignment))
    alignmentHeads = AlignmentHeads(model.file)
    maps = AttentionMaps(arena.buffer(layout.maps))
    readAgain = arena.buffer(layout.readAgain)
    chat = ChatText(arena.buffer(layout.chatText))
    normalizedText = arena.buffer(layout.normalizedText)
    lattice = arena.buffer(layout.lattice)
    textBuffer = arena.buffer(layout.targetText)
    sourceTexts = SourceTexts(arena.buffer(layout.sourceTexts), capacity: layout.sourceBytes)
    input = arena.buffer(layout.input)
    output = arena.buffer(layout.output)
    self.layout = layout
    self.sourceTokenizer = sourceTokenizer
    self.targetTokenizer = targetTokenizer
    self.arena = arena
  }

  /// Translates one sentence of UTF-8; the results are in `text`, `ids`, `logProbabilities` and `sourceIDs`
  /// until the next call.
  ///
  /// A text without tokens (empty, or only spaces) has an empty translation. With a decoder alone the text is a prompt, and
  /// the result is what goes on from it; an empty prompt goes on from the tokens that the tokenizer's template begins with,
  /// if it has some.
  /// - Parameter maximumTokens: The most tokens of the target, its end token included.
  /// - Throws: `SwiftletError` for a text that is not UTF-8 or too long; the translator stays usable.
  public mutating func translate(
    _ text: Span<UInt8>, maximumTokens: Int = .max
  ) throws(SwiftletError) {
    clear()
    try add(text)
    translateAll(maximumTokens: maximumTokens)
    try select(0)
  }

  /// Translates one sentence as `translate` does, and calls `onText` with what is certain of its text as soon as it is:
  /// whole characters, and nothing that may turn out to begin a stop text. All calls together have the text.
  ///
  /// The settings must ask for no beams.
  /// - Parameter onText: Returns whether to go on.
  public mutating func stream(
    _ source: Span<UInt8>, maximumTokens: Int = .max, onText: (Span<UInt8>) -> Bool
  ) throws(SwiftletError) {
    precondition(layout.search.settings.beams == 1, "beams are not known to be the best before the end")
    clear()
    try add(source)
    encodeAll()
    var shown = 0
    Self.run(
      &search, &workspace, model, sources, prompts, count: count, firstNumber: firstNumber, maximumTokens,
      targetTokenizer, &textBuffer, stops, shows: true
    ) { text, certain in
      guard certain > shown else { return false }
      defer { shown = certain }
      return !onText(text.extracting(shown..<certain))
    }
    firstNumber += count
    try select(0)
    if text.count > shown { _ = onText(text.extracting(shown..<text.count)) }
  }

  /// Forgets what drafts are guessed from: how long what follows takes does not depend on what came before.
  public mutating func forgetDrafts() { search.forgetDrafts() }

  /// How many sentences wait or were translated: those since `clear`.
  public var batchCount: Int { count }

  /// Forgets all sentences.
  public mutating func clear() {
    count = 0
    selected = 0
    rank = 0
    textCount = 0
    unsafe sourceCounts.pointer[0] = 0
    search.clear()
  }

  /// Adds a sentence of UTF-8 to the batch, which has room for `layout.limits.batch`.
  ///
  /// - Throws: `SwiftletError` for a text that is not UTF-8 or too long; the batch is as it was.
  public mutating func add(_ text: Span<UInt8>) throws(SwiftletError) {
    precondition(count < layout.limits.batch, "a batch has at most `limits.batch` sentences")
    let start = count * layout.limits.source
    if chats {
      try chat.set(text, model.file.metadata)
      unsafe sourceCounts.pointer[count] = try Self.tokenize(
        chat, sourceTokenizer, layout, &sourceBuffer, start, &normalizedText, &lattice)
      count += 1
      return
    }
    unsafe sourceCounts.pointer[count] = try Self.tokenize(
      text, sourceTokenizer, language: sourceLanguage, layout, &sourceBuffer, start, &normalizedText,
      &lattice)
    sourceTexts.keep(text, at: count)
    count += 1
  }

  /// Adds a source as tokens, with the one that ends it: a text that somebody else has cut.
  ///
  /// - Throws: `SwiftletError` for a token that is not in the vocabulary, or too many; the batch is as it was.
  public mutating func add(tokens: Span<UInt32>) throws(SwiftletError) {
    precondition(count < layout.limits.batch, "a batch has at most `limits.batch` sentences")
    let most = layout.limits.source
    guard tokens.count <= most else {
      throw .tooLong(count: tokens.count, most: most, unit: .tokens, lower: "--max-source")
    }
    let vocabulary = model.architecture.sourceVocabulary
    for index in 0..<tokens.count {
      let token = Int(truncatingIfNeeded: tokens[index])
      guard (0..<vocabulary).contains(token) else {
        throw .limit(name: "a token of a source", value: token, most: vocabulary - 1, least: 0)
      }
      unsafe sourceBuffer.pointer[count * most + index] = tokens[index]
    }
    unsafe sourceCounts.pointer[count] = tokens.count
    sourceTexts.keep(Span(), at: count)
    count += 1
  }

  /// Translates all sentences of the batch together: weights are read once for all of them. The results are those
  /// of one by one, bit for bit; `select` shows them.
  ///
  /// - Parameter maximumTokens: The most tokens of a target, its end token included.
  public mutating func translateAll(maximumTokens: Int = .max) {
    encodeAll()
    Self.run(
      &search, &workspace, model, sources, prompts, count: count, firstNumber: firstNumber, maximumTokens,
      targetTokenizer, &textBuffer, stops, shows: false
    ) { _, _ in false }
    firstNumber += count
  }

  /// The sources' tokens.
  private var sources: SourceTokens {
    unsafe SourceTokens(
      ids: sourceBuffer.pointer, counts: sourceCounts.pointer, stride: layout.limits.source)
  }

  /// What a decoder alone goes on from.
  private var prompts: SourceTokens? { model.architecture.encoderLayers == 0 ? sources : nil }

  private mutating func encodeAll() {
    listLikely()
    workspace.shortlist = shortlist.view()
    guard model.architecture.encoderLayers > 0 else { return }
    for slot in 0..<count {
      let start = slot * layout.limits.source
      unsafe Self.encode(
        sourceBuffer, start..<start + sourceCounts.pointer[slot], source: slot, &workspace, model)
    }
  }

  /// Puts the results of a sentence of the batch into `text`, `ids`, `logProbabilities`, `score` and `sourceIDs`.
  ///
  /// - Parameter rank: Which of its hypotheses: 0 is the best, and there are `hypothesisCount`.
  /// - Throws: `SwiftletError` if the text has no room, which a checked model does not let happen.
  public mutating func select(_ index: Int, rank: Int = 0) throws(SwiftletError) {
    precondition(index >= 0 && index < count, "the batch has `batchCount` sentences")
    selected = index
    self.rank = rank
    textCount = 0
    textCount = try Self.detokenize(
      search, prompts, index, rank: rank, targetTokenizer, stops, &textBuffer)
    guard let count = try replaceUnknown() else { return }
    textCount = stops.cut(textBuffer.span.extracting(0..<count)) ?? count
  }

  /// Computes what the tokens of the selected hypothesis attended to: `attention` and `forEachAlignedPair` tell of it until
  /// the next call. Reads the target again, in blocks.
  ///
  /// The plan's `constraints` must have an alignment.
  public mutating func align() {
    gatherTokens()
    let (target, source, heads) = (ids.count, sourceIDs.count, alignmentHeads)
    alignment.prepare(target: target, source: source, heads, &workspace)
    readTargetAgain()
  }

  /// Computes again what tokens attended to in a layer, for the selected hypothesis: it is in `maps`, whose rows and columns
  /// are `rows(of:)` and `columns(of:)`.
  ///
  /// The plan's `constraints` must have attention.
  /// - Complexity: as the encoder's pass, or as reading the target at once.
  public mutating func attend(_ kind: AttentionKind, layer: Int) {
    gatherTokens()
    let (rows, columns) = (rows(of: kind).count, columns(of: kind).count)
    maps.prepare(
      kind, layer: layer, heads: model.architecture.heads, rows: rows, columns: columns, &workspace)
    guard kind == .encoder else { return readTargetAgain() }
    let start = selected * layout.limits.source
    unsafe Self.encode(
      sourceBuffer, start..<start + sourceCounts.pointer[selected], source: selected, &workspace, model)
    workspace.capture = nil
  }

  /// The tokens that attend. After `attend` or `align`.
  @_lifetime(borrow self)
  public func rows(of kind: AttentionKind) -> Span<UInt32> {
    switch kind {
    case .source: return ids
    case .encoder: return sourceIDs
    case .decoder: return readIDs
    }
  }

  /// The tokens that are attended to: those of the source, or those that the decoder read, which are a start token and the
  /// target but for its last token, or with a decoder alone the prompt and the same. After `attend` or `align`.
  @_lifetime(borrow self)
  public func columns(of kind: AttentionKind) -> Span<UInt32> {
    switch kind {
    case .source, .encoder: return sourceIDs
    case .decoder: return readIDs
    }
  }

  private var readIDs: Span<UInt32> {
    @_lifetime(borrow self)
    get { readAgain.span.extracting(0..<readCount) }
  }

  /// Gathers the tokens that the decoder read of the selected hypothesis.
  private mutating func gatherTokens() {
    let isAlone = model.architecture.encoderLayers == 0
    readCount = unsafe isAlone ? sourceCounts.pointer[selected] : min(1, ids.count)
    unsafe readAgain.pointer[0] = UInt32(truncatingIfNeeded: model.file.decoding.startToken)
    if isAlone {
      unsafe readAgain.pointer.update(
        from: sourceBuffer.pointer + selected * layout.limits.source, count: readCount)
    }
    unsafe readCount += Self.copy(search, selected, rank: rank, to: readAgain.pointer + readCount)
  }

  /// Reads the gathered tokens, in the first slot of the selected sentence, what that held is gone.
  private mutating func readTargetAgain() {
    let slot = selected * layout.limits.beams
    workspace.begin(slot, source: selected)
    Self.read(readAgain, readCount, slot: slot, &workspace, model)
    workspace.capture = nil
  }

  /// What a token of the target attended to: a weight for each source token, 1 together. After `align`.
  @_lifetime(borrow self)
  public func attention(_ token: Int) -> Span<Float> { alignment.weights(token) }

  /// The source token that a token of the target attended to most, other than the end token. After `align`.
  public func alignedSource(_ token: Int) -> Int { alignment.mostAttended(token) }

  /// How many hypotheses of the selected sentence there are to select: at most the settings' `nBest`.
  public var hypothesisCount: Int { search.count(selected) }

  /// The score of the selected hypothesis: the sum of its log-probabilities over its length to the power of the length
  /// penalty.
  public var score: Float { hypothesisCount > 0 ? search.score(selected, rank: rank) : 0 }

  /// The translation, in UTF-8.
  public var text: Span<UInt8> {
    @_lifetime(borrow self)
    get { textBuffer.span.extracting(0..<textCount) }
  }

  /// The translation's tokens, with the end token if it was reached.
  public var ids: Span<UInt32> {
    @_lifetime(borrow self)
    get { search.ids(selected, rank: rank) }
  }

  /// The log-probability of each token of the translation.
  public var logProbabilities: Span<Float> {
    @_lifetime(borrow self)
    get { search.logProbabilities(selected, rank: rank) }
  }

  /// The source's tokens, with the end token.
  public var sourceIDs: Span<UInt32> {
    @_lifetime(borrow self)
    get {
      let start = selected * layout.limits.source
      return unsafe sourceBuffer.span.extracting(start..<start + sourceCounts.pointer[selected])
    }
  }

  /// Takes texts as messages of a user from now on: with what the model's chat template puts around them, up to where the
  /// answer begins.
  ///
  /// - Throws: `SwiftletError` if the model has no such template, or one that the converter did not know.
  public mutating func answerMessages() throws(SwiftletError) {
    guard chat.isKnown else {
      throw unsafe .noChatTemplate(isUnknown: model.file.metadata.value("chat") != nil)
    }
    chats = true
  }

  /// Lets all translations begin with a text, from now on. Its tokens count among those of a target; their
  /// log-probabilities are 0.
  ///
  /// - Throws: `SwiftletError` for a text that is not UTF-8, or longer than what was planned.
  public mutating func force(prefix text: Span<UInt8>) throws(SwiftletError) {
    let count = try tokenizeTarget(text)
    guard Self.setPrefix(&search, sourceBuffer, count) else {
      throw .tooLong(
        count: count, most: layout.limits.target, unit: .prefixTokens, lower: "--max-target")
    }
  }

  /// Keeps a text out of all translations, from now on: its tokens never come in a row.
  ///
  /// - Throws: `SwiftletError` for a text that is not UTF-8, or longer than what was planned.
  public mutating func suppress(_ text: Span<UInt8>) throws(SwiftletError) {
    let count = try tokenizeTarget(text)
    guard Self.suppress(&search, sourceBuffer, count) else {
      throw .tooLong(count: text.count, most: 0, unit: .unplannedBytes, lower: "the plan")
    }
  }

  /// Lets only this token, the others that were allowed, and the end token be chosen, from now on: the scores of all
  /// others are not computed. Log-probabilities are those among them.
  ///
  /// The plan's `constraints` must have a shortlist.
  /// - Throws: `SwiftletError` for a token that is not in the vocabulary.
  public mutating func allow(_ token: Int) throws(SwiftletError) {
    let most = model.architecture.targetVocabulary - 1
    guard (0...most).contains(token), layout.shortlist.isPlanned else {
      throw .limit(name: "a token of the shortlist", value: token, most: most, least: 0)
    }
    shortlist.add(token)
    shortlist.add(model.file.decoding.endToken)
  }

  /// Lets only tokens be chosen that a lexicon has for the source's, from now on, and those that end a target: the scores
  /// of all others are not computed. Log-probabilities are those among them.
  ///
  /// The plan's `constraints` must have a shortlist.
  /// - Throws: `SwiftletError` for a translator of several sentences together, whose results would depend on each other.
  public mutating func use(_ lexicon: consuming Lexicon) throws(SwiftletError) {
    guard layout.limits.batch == 1, layout.shortlist.isPlanned else {
      throw .limit(name: "--batch with a lexical shortlist", value: layout.limits.batch, most: 1, least: 1)
    }
    // It may have been checked for another model.
    let vocabulary = model.architecture.targetVocabulary
    guard lexicon.targets == vocabulary else {
      throw .limit(
        name: "the shortlist's target vocabulary", value: lexicon.targets, most: vocabulary,
        least: Int32(vocabulary))
    }
    self.lexicon = consume lexicon
  }

  /// Lists the likely tokens of the source, if there is a lexicon.
  private mutating func listLikely() {
    guard let lexicon = lexicon.take() else { return }
    shortlist.clear()
    lexicon.add(nil, to: &shortlist)
    for index in unsafe 0..<sourceCounts.pointer[0] {
      unsafe lexicon.add(sourceBuffer.pointer[index], to: &shortlist)
    }
    let decoding = model.file.decoding
    for index in 0..<decoding.endCount { shortlist.add(decoding.endToken(index)) }
    self.lexicon = .some(lexicon)
  }

  /// Lets all translations end before a text, from now on.
  ///
  /// - Throws: `SwiftletError` for a text that is longer than what was planned.
  public mutating func stop(at text: Span<UInt8>) throws(SwiftletError) {
    guard stops.add(text) else {
      throw .tooLong(count: text.count, most: 0, unit: .unplannedBytes, lower: "the plan")
    }
  }

  /// Puts a target text's tokens where a source's will be; returns their count.
  private mutating func tokenizeTarget(_ text: Span<UInt8>) throws(SwiftletError) -> Int {
    clear()
    return try Self.tokenize(
      text, targetTokenizer, usesTemplate: false, layout, &sourceBuffer, 0, &normalizedText, &lattice)
  }
}

/// Opens and checks a model's file, and keeps its bytes where `placement` says.
public func openModelFile(
  _ path: UnsafePointer<CChar>, _ placement: FilePlacement = .mapped
) throws(SwiftletError) -> ModelFile {
  do { return try unsafe ModelFile(path: path, placement) } catch { throw .file(error) }
}

func mapArena(_ plan: MemoryPlan, budget: Int) throws(SwiftletError) -> Arena {
  do { return try Arena(mapping: plan, budget: budget) } catch { throw .memory(error) }
}

func bindModel(
  _ file: consuming ModelFile, _ layout: ModelLayout, in arena: borrowing Arena
) throws(SwiftletError) -> Model {
  do { return try Model(file, layout, in: arena) } catch { throw .file(error) }
}

func startWorkspace(
  _ layout: WorkspaceLayout, in arena: borrowing Arena, kernels: KernelSet
) throws(SwiftletError) -> Workspace {
  do { return try Workspace(layout, in: arena, kernels: kernels) } catch { throw .threads(error) }
}
