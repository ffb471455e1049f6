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
  public let sourceTokenizer: UnigramTokenizer
  /// From target tokens to text.
  public let targetTokenizer: UnigramTokenizer
  /// A buffer for reading text from the system: `layout.sourceBytes` and a page.
  public var input: ArenaBuffer<UInt8>
  /// A buffer for writing text to the system.
  public var output: ArenaBuffer<UInt8>
  private let arena: Arena
  private var sourceBuffer: ArenaBuffer<UInt32>
  private var sourceCounts: ArenaBuffer<Int>
  private var targets: Targets
  private var normalizedText: ArenaBuffer<UInt8>
  private var lattice: ArenaBuffer<LatticeNode>
  private var textBuffer: ArenaBuffer<UInt8>
  private var count = 0
  private var selected = 0
  private var textCount = 0

  /// Opens the model at `path`, a NUL-terminated name.
  ///
  /// - Parameters:
  ///   - source: The longest source in tokens; nil for the model's, up to 256.
  ///   - target: The longest target in tokens; nil for the model's, up to 256.
  ///   - batch: How many sentences are translated together; see `add`.
  ///   - threads: How many threads share the work, this one included.
  ///   - kernels: The instruction set's kernels; by default the fastest that the processor has.
  ///   - budget: The most bytes that the arena may take.
  public init(
    path: UnsafePointer<CChar>, source: Int? = nil, target: Int? = nil, batch: Int = 1, threads: Int = 1,
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    try self.init(
      try openModelFile(path), source: source, target: target, batch: batch, threads: threads,
      kernels: kernels,
      budget: budget)
  }

  /// Takes an open file.
  public init(
    _ file: consuming ModelFile, source: Int? = nil, target: Int? = nil, batch: Int = 1, threads: Int = 1,
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    let layout = try TranslatorLayout(
      file, source: source, target: target, batch: batch, threads: threads)
    let sourceTokenizer = try Swiftlet.sourceTokenizer(of: file)
    let targetTokenizer = try Swiftlet.targetTokenizer(of: file)
    let arena = try mapArena(layout.plan, budget: budget)
    let workspace = try startWorkspace(layout.workspace, in: arena, kernels: kernels)
    model = try bindModel(file, layout.model, in: arena)
    self.workspace = workspace
    sourceBuffer = arena.buffer(layout.sourceIDs)
    sourceCounts = arena.buffer(layout.sourceCounts)
    targets = Targets(layout.targets, in: arena)
    normalizedText = arena.buffer(layout.normalizedText)
    lattice = arena.buffer(layout.lattice)
    textBuffer = arena.buffer(layout.targetText)
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
  /// A text without tokens (empty, or only spaces) has an empty translation.
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

  /// How many sentences wait or were translated: those since `clear`.
  public var batchCount: Int { count }

  /// Forgets all sentences.
  public mutating func clear() {
    count = 0
    selected = 0
    textCount = 0
    sourceCounts.pointer[0] = 0
    targets.clear()
  }

  /// Adds a sentence of UTF-8 to the batch, which has room for `layout.limits.batch`.
  ///
  /// - Throws: `SwiftletError` for a text that is not UTF-8 or too long; the batch is as it was.
  public mutating func add(_ text: Span<UInt8>) throws(SwiftletError) {
    precondition(count < layout.limits.batch, "a batch has at most `limits.batch` sentences")
    let start = count * layout.limits.source
    let tokens = try Self.tokenize(
      text, sourceTokenizer, layout, &sourceBuffer, start, &normalizedText, &lattice)
    if tokens > 0 {
      sourceBuffer.pointer[start + tokens] = UInt32(truncatingIfNeeded: model.file.decoding.endToken)
    }
    sourceCounts.pointer[count] = tokens > 0 ? tokens + 1 : 0
    count += 1
  }

  /// Translates all sentences of the batch together: weights are read once for all of them. The results are those
  /// of one by one, bit for bit; `select` shows them.
  ///
  /// - Parameter maximumTokens: The most tokens of a target, its end token included.
  public mutating func translateAll(maximumTokens: Int = .max) {
    for slot in 0..<count {
      let start = slot * layout.limits.source
      Self.encode(sourceBuffer, start..<start + sourceCounts.pointer[slot], source: slot, &workspace, model)
    }
    GreedySearch.run(&workspace, model, count: count, maximumTokens: maximumTokens, into: &targets)
  }

  /// Puts the results of a sentence of the batch into `text`, `ids`, `logProbabilities` and `sourceIDs`.
  ///
  /// - Throws: `SwiftletError` if the text has no room, which a checked model does not let happen.
  public mutating func select(_ index: Int) throws(SwiftletError) {
    precondition(index >= 0 && index < count, "the batch has `batchCount` sentences")
    selected = index
    textCount = 0
    textCount = try Self.detokenize(targets, index, targetTokenizer, &textBuffer)
  }

  /// The translation, in UTF-8.
  public var text: Span<UInt8> {
    @_lifetime(borrow self)
    get { textBuffer.span.extracting(0..<textCount) }
  }

  /// The translation's tokens, with the end token if it was reached.
  public var ids: Span<UInt32> {
    @_lifetime(borrow self)
    get { targets.ids(selected) }
  }

  /// The log-probability of each token of the translation.
  public var logProbabilities: Span<Float> {
    @_lifetime(borrow self)
    get { targets.logProbabilities(selected) }
  }

  /// The source's tokens, with the end token.
  public var sourceIDs: Span<UInt32> {
    @_lifetime(borrow self)
    get {
      let start = selected * layout.limits.source
      return sourceBuffer.span.extracting(start..<start + sourceCounts.pointer[selected])
    }
  }

  // Each of these takes the fields that it needs: spans of two fields of one `self` can't be held together.

  /// Writes the source's tokens; returns their count, without the end token.
  private static func tokenize(
    _ text: Span<UInt8>, _ tokenizer: UnigramTokenizer, _ layout: TranslatorLayout,
    _ ids: inout ArenaBuffer<UInt32>, _ start: Int, _ normalized: inout ArenaBuffer<UInt8>,
    _ lattice: inout ArenaBuffer<LatticeNode>
  ) throws(SwiftletError) -> Int {
    guard text.count <= layout.sourceBytes else {
      throw .tooLong(count: text.count, most: layout.sourceBytes, unit: " bytes", lower: "--max-source")
    }
    if let offset = firstInvalidUTF8(in: text) { throw .notUTF8(offset: offset) }
    let most = layout.limits.source
    var all = ids.mutableSpan
    var tokens = all._mutatingExtracting(start..<start + most)
    var scratch = normalized.mutableSpan
    var nodes = lattice.mutableSpan
    do throws(TokenizerError) {
      let count = try tokenizer.encode(text, into: &tokens, normalized: &scratch, lattice: &nodes)
      guard count < most else {
        throw TokenizerError.tooManyIDs(count: count, capacity: most - 1)
      }
      return count
    } catch {
      guard case .tooManyIDs(let count, _) = error else { throw .tokenizer(error) }
      throw .tooLong(count: count + 1, most: most, unit: " tokens", lower: "--max-source")
    }
  }

  private static func encode(
    _ ids: borrowing ArenaBuffer<UInt32>, _ range: Range<Int>, source: Int, _ workspace: inout Workspace,
    _ model: borrowing Model
  ) {
    workspace.encode(ids.span.extracting(range), source: source, model)
  }

  private static func detokenize(
    _ targets: borrowing Targets, _ slot: Int, _ tokenizer: UnigramTokenizer,
    _ text: inout ArenaBuffer<UInt8>
  ) throws(SwiftletError) -> Int {
    var bytes = text.mutableSpan
    do { return try tokenizer.decode(targets.ids(slot), into: &bytes) } catch {
      throw .tokenizer(error)
    }
  }
}

/// Opens and checks a model's file, and keeps its bytes where `placement` says.
public func openModelFile(
  _ path: UnsafePointer<CChar>, _ placement: FilePlacement = .mapped
) throws(SwiftletError) -> ModelFile {
  do { return try ModelFile(path: path, placement) } catch { throw .file(error) }
}

private func mapArena(_ plan: MemoryPlan, budget: Int) throws(SwiftletError) -> Arena {
  do { return try Arena(mapping: plan, budget: budget) } catch { throw .memory(error) }
}

private func bindModel(
  _ file: consuming ModelFile, _ layout: ModelLayout, in arena: borrowing Arena
) throws(SwiftletError) -> Model {
  do { return try Model(file, layout, in: arena) } catch { throw .file(error) }
}

private func startWorkspace(
  _ layout: WorkspaceLayout, in arena: borrowing Arena, kernels: KernelSet
) throws(SwiftletError) -> Workspace {
  do { return try Workspace(layout, in: arena, kernels: kernels) } catch { throw .threads(error) }
}
