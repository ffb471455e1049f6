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
  private var targetBuffer: ArenaBuffer<UInt32>
  private var probabilityBuffer: ArenaBuffer<Float>
  private var normalizedText: ArenaBuffer<UInt8>
  private var lattice: ArenaBuffer<LatticeNode>
  private var textBuffer: ArenaBuffer<UInt8>
  private var sourceCount = 0
  private var targetCount = 0
  private var textCount = 0

  /// Opens the model at `path`, a NUL-terminated name.
  ///
  /// - Parameters:
  ///   - source: The longest source in tokens; nil for the model's, up to 256.
  ///   - target: The longest target in tokens; nil for the model's, up to 256.
  ///   - kernels: The instruction set's kernels; by default the fastest that the processor has.
  ///   - budget: The most bytes that the arena may take.
  public init(
    path: UnsafePointer<CChar>, source: Int? = nil, target: Int? = nil,
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    try self.init(try openModelFile(path), source: source, target: target, kernels: kernels, budget: budget)
  }

  /// Takes an open file.
  public init(
    _ file: consuming ModelFile, source: Int? = nil, target: Int? = nil,
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    let layout = try TranslatorLayout(file, source: source, target: target)
    let sourceTokenizer = try Swiftlet.sourceTokenizer(of: file)
    let targetTokenizer = try Swiftlet.targetTokenizer(of: file)
    let arena = try mapArena(layout.plan, budget: budget)
    model = try bindModel(file, layout.model, in: arena)
    workspace = Workspace(layout.workspace, in: arena, kernels: kernels)
    sourceBuffer = arena.buffer(layout.sourceIDs)
    targetBuffer = arena.buffer(layout.targetIDs)
    probabilityBuffer = arena.buffer(layout.logProbabilities)
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
    sourceCount = 0
    targetCount = 0
    textCount = 0
    let count = try Self.tokenize(text, sourceTokenizer, layout, &sourceBuffer, &normalizedText, &lattice)
    guard count > 0 else { return }
    sourceBuffer.pointer[count] = UInt32(truncatingIfNeeded: model.file.decoding.endToken)
    sourceCount = count + 1
    Self.encode(sourceBuffer, count: sourceCount, &workspace, model)
    targetCount = GreedySearch.run(
      &workspace, model, maximumTokens: maximumTokens, ids: &targetBuffer,
      logProbabilities: &probabilityBuffer)
    textCount = try Self.detokenize(targetBuffer, count: targetCount, targetTokenizer, &textBuffer)
  }

  /// The translation, in UTF-8.
  public var text: Span<UInt8> {
    @_lifetime(borrow self)
    get { textBuffer.span.extracting(0..<textCount) }
  }

  /// The translation's tokens, with the end token if it was reached.
  public var ids: Span<UInt32> {
    @_lifetime(borrow self)
    get { targetBuffer.span.extracting(0..<targetCount) }
  }

  /// The log-probability of each token of the translation.
  public var logProbabilities: Span<Float> {
    @_lifetime(borrow self)
    get { probabilityBuffer.span.extracting(0..<targetCount) }
  }

  /// The source's tokens, with the end token.
  public var sourceIDs: Span<UInt32> {
    @_lifetime(borrow self)
    get { sourceBuffer.span.extracting(0..<sourceCount) }
  }

  // Each of these takes the fields that it needs: spans of two fields of one `self` can't be held together.

  /// Writes the source's tokens; returns their count, without the end token.
  private static func tokenize(
    _ text: Span<UInt8>, _ tokenizer: UnigramTokenizer, _ layout: TranslatorLayout,
    _ ids: inout ArenaBuffer<UInt32>, _ normalized: inout ArenaBuffer<UInt8>,
    _ lattice: inout ArenaBuffer<LatticeNode>
  ) throws(SwiftletError) -> Int {
    guard text.count <= layout.sourceBytes else {
      throw .tooLong(count: text.count, most: layout.sourceBytes, unit: " bytes", lower: "--max-source")
    }
    if let offset = firstInvalidUTF8(in: text) { throw .notUTF8(offset: offset) }
    var tokens = ids.mutableSpan
    var scratch = normalized.mutableSpan
    var nodes = lattice.mutableSpan
    let most = layout.limits.source
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
    _ ids: borrowing ArenaBuffer<UInt32>, count: Int, _ workspace: inout Workspace, _ model: borrowing Model
  ) {
    workspace.encode(ids.span.extracting(0..<count), model)
  }

  private static func detokenize(
    _ ids: borrowing ArenaBuffer<UInt32>, count: Int, _ tokenizer: UnigramTokenizer,
    _ text: inout ArenaBuffer<UInt8>
  ) throws(SwiftletError) -> Int {
    var bytes = text.mutableSpan
    do { return try tokenizer.decode(ids.span.extracting(0..<count), into: &bytes) } catch {
      throw .tokenizer(error)
    }
  }
}

/// Opens and checks a model's file.
public func openModelFile(_ path: UnsafePointer<CChar>) throws(SwiftletError) -> ModelFile {
  do { return try ModelFile(path: path) } catch { throw .file(error) }
}

private func mapArena(_ plan: MemoryPlan, budget: Int) throws(SwiftletError) -> Arena {
  do { return try Arena(mapping: plan, budget: budget) } catch { throw .memory(error) }
}

private func bindModel(
  _ file: consuming ModelFile, _ layout: ModelLayout, in arena: borrowing Arena
) throws(SwiftletError) -> Model {
  do { return try Model(file, layout, in: arena) } catch { throw .file(error) }
}
