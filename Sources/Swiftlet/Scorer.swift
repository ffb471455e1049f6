import SwiftletArena
import SwiftletKernelSelection
import SwiftletKernels
import SwiftletModelFile
import SwiftletTokenizers
import SwiftletTransformer

/// Says how likely given texts are to a model with a decoder, in a fixed amount of memory.
///
/// With a decoder alone, the tokens of a text are scored but for the first, which nothing comes before. With an encoder,
/// a target's tokens and its end token are scored, after the source and the start token.
public struct Scorer: ~Copyable {
  /// The parts of the arena.
  public let layout: ScorerLayout
  /// The weights.
  public let model: Model
  /// The forward pass.
  public var workspace: Workspace
  /// From sources to tokens.
  public let sourceTokenizer: Tokenizer
  /// From scored texts to tokens.
  public let tokenizer: Tokenizer
  private let arena: Arena
  private var source: TextBuffers
  private var target: TextBuffers
  private var slots: ArenaBuffer<UInt32>
  private var values: ArenaBuffer<Float>
  private var scoredCount = 0

  /// Takes an open file.
  ///
  /// - Parameters:
  ///   - source: The longest source in tokens; nil for the model's, up to 256.
  ///   - target: The longest text that is scored; nil for the model's, up to 256.
  ///   - threads: How many threads share the work, this one included.
  ///   - kernels: The instruction set's kernels; by default the fastest that the processor has.
  ///   - budget: The most bytes that the arena may take.
  public init(
    _ file: consuming ModelFile, source: Int? = nil, target: Int? = nil, threads: Int = 1,
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    let layout = try ScorerLayout(file, source: source, target: target, threads: threads)
    let sourceTokenizer = try Swiftlet.sourceTokenizer(of: file)
    let tokenizer = try Swiftlet.targetTokenizer(of: file)
    let arena = try mapArena(layout.plan, budget: budget)
    let workspace = try startWorkspace(layout.workspace, in: arena, kernels: kernels)
    model = try bindModel(file, layout.model, in: arena)
    self.workspace = workspace
    self.source = TextBuffers(layout.source, in: arena)
    self.target = TextBuffers(layout.target, in: arena)
    slots = arena.buffer(layout.slots)
    values = arena.buffer(layout.logProbabilities)
    for index in 0..<slots.count { unsafe slots.pointer[index] = 0 }
    self.layout = layout
    self.sourceTokenizer = sourceTokenizer
    self.tokenizer = tokenizer
    self.arena = arena
  }

  /// A buffer for reading text from the system: at least `layout.textBytes`.
  public var input: UnsafeMutableRawBufferPointer { unsafe target.input.bytes }

  /// A buffer for writing text to the system.
  public var output: UnsafeMutableRawBufferPointer { unsafe target.output.bytes }

  /// Scores a text with a decoder alone.
  ///
  /// - Throws: `SwiftletError` for a text that is not UTF-8, too long, or has no tokens; the scorer stays usable.
  public mutating func score(_ text: Span<UInt8>) throws(SwiftletError) {
    scoredCount = 0
    try target.encode(text, tokenizer)
    guard target.count > 0 else { throw .noTokens }
    try run()
  }

  /// Scores a target after its source.
  ///
  /// - Throws: `SwiftletError` for texts that are not UTF-8, too long, or have no tokens; the scorer stays usable.
  public mutating func score(_ text: Span<UInt8>, after source: Span<UInt8>) throws(SwiftletError) {
    scoredCount = 0
    let count = try self.source.encode(source, sourceTokenizer)
    guard count > sourceTokenizer.templateTokens else { throw .noTokens }
    let decoding = model.file.decoding
    target.clear()
    try target.append(UInt32(truncatingIfNeeded: decoding.startToken))
    if let first = decoding.firstToken { try target.append(UInt32(truncatingIfNeeded: first)) }
    try target.encode(text, tokenizer, from: target.count, usesTemplate: false)
    try target.append(UInt32(truncatingIfNeeded: decoding.endToken))
    Self.encode(self.source, &workspace, model)
    try run()
  }

  private static func encode(
    _ source: borrowing TextBuffers, _ workspace: inout Workspace, _ model: borrowing Model
  ) {
    workspace.encode(source.tokens, model)
  }

  /// Reads the target's tokens but for the last, in blocks, and takes the log-probability of the one after each.
  private mutating func run() throws(SwiftletError) {
    workspace.begin(0, source: 0)
    var start = 0
    while start < target.count - 1 {
      let count = min(ScorerLayout.block, target.count - 1 - start)
      Self.read(target, slots, start..<start + count, &workspace, model)
      for row in 0..<count {
        let (logits, likeliest) = unsafe (workspace.logits(row: row, model), workspace.choice(row: row))
        let next = unsafe Int(truncatingIfNeeded: target.ids.pointer[start + row + 1])
        // A log-probability is logit − largest − ln Σ e^(logit − largest).
        unsafe values.pointer[start + row] =
          unsafe logits[next] - logits[likeliest.index] + likeliest.logProbability
      }
      start += count
    }
    scoredCount = max(0, target.count - 1)
  }

  private static func read(
    _ target: borrowing TextBuffers, _ slots: borrowing ArenaBuffer<UInt32>, _ range: Range<Int>,
    _ workspace: inout Workspace, _ model: borrowing Model
  ) {
    workspace.step(
      target.tokens.extracting(range), slots: slots.span.extracting(0..<range.count), scoresAll: true, model)
    workspace.chooseLikeliest(model)
  }

  /// The tokens that were scored.
  public var ids: Span<UInt32> {
    @_lifetime(borrow self)
    get { target.ids.span.extracting(1..<1 + scoredCount) }
  }

  /// The log-probability of each.
  public var logProbabilities: Span<Float> {
    @_lifetime(borrow self)
    get { values.span.extracting(0..<scoredCount) }
  }

  /// The sum of all log-probabilities.
  public var total: Float {
    var sum: Float = 0
    for index in 0..<scoredCount { unsafe sum += values.pointer[index] }
    return sum
  }

  /// e to the mean of the negative log-probabilities: 1 without tokens. At most e⁸⁸.
  public var perplexity: Float {
    scoredCount > 0 ? exponential(of: 0 - total / Float(scoredCount)) : 1
  }
}
