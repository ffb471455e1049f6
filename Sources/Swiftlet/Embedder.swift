import SwiftletArena
import SwiftletKernelSelection
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// Runs an encoder alone in a fixed amount of memory: makes vectors of texts, or scores of classes or of tokens.
///
/// Opening a model maps its file and one arena of the size that `EmbedderLayout` states. After that nothing is
/// allocated. An embedder is used by one thread at a time.
public struct Embedder: ~Copyable {
  /// The parts of the arena.
  public let layout: EmbedderLayout
  /// The weights.
  public let model: Model
  /// The forward pass.
  public var workspace: Workspace
  /// From text to tokens.
  public let tokenizer: Tokenizer
  private let arena: Arena
  private var texts: TextBuffers
  private var segments: ArenaBuffer<UInt8>
  private var secondSegment = Int.max
  /// What tokens attended to, after `attend`.
  public internal(set) var maps: AttentionMaps
  private var earlier: ArenaBuffer<Float>
  private var decoded: ArenaBuffer<UInt8>
  private var decodedCount = 0

  /// Takes an open file.
  ///
  /// - Parameters:
  ///   - longest: The longest text in tokens; nil for the model's, up to 256.
  ///   - threads: How many threads share the work, this one included.
  ///   - hasAttention: Whether `attend` will be asked for.
  ///   - kernels: The instruction set's kernels; by default the fastest that the processor has.
  ///   - budget: The most bytes that the arena may take.
  @inline(never)  // Several commands open one.
  public init(
    _ file: consuming ModelFile, longest: Int? = nil, threads: Int = 1, hasAttention: Bool = false,
    kernels: KernelSet = InstructionSet.fastestKernels, budget: Int = .max
  ) throws(SwiftletError) {
    let layout = try EmbedderLayout(
      file, longest: longest, threads: threads, hasAttention: hasAttention)
    let tokenizer = try sourceTokenizer(of: file)
    let arena = try mapArena(layout.plan, budget: budget)
    let workspace = try startWorkspace(layout.workspace, in: arena, kernels: kernels)
    model = try bindModel(file, layout.model, in: arena)
    self.workspace = workspace
    texts = TextBuffers(layout.texts, in: arena)
    segments = arena.buffer(layout.segments)
    maps = AttentionMaps(arena.buffer(layout.maps))
    earlier = arena.buffer(layout.earlier)
    decoded = arena.buffer(layout.decoded)
    self.layout = layout
    self.tokenizer = tokenizer
    self.arena = arena
  }

  /// A buffer for reading text from the system: `layout.textBytes` and a page.
  public var input: UnsafeMutableRawBufferPointer { unsafe texts.input.bytes }

  /// A buffer for writing text to the system.
  public var output: UnsafeMutableRawBufferPointer { unsafe texts.output.bytes }

  /// The tokens of the last text, with the template's.
  public var ids: Span<UInt32> {
    @_lifetime(borrow self)
    get { texts.tokens }
  }

  /// Runs the encoder over a text of UTF-8.
  ///
  /// - Parameter truncates: Whether a text of too many tokens is cut, but for the template's.
  /// - Throws: `SwiftletError` for a text that is not UTF-8, too long, or has no tokens; the embedder stays usable.
  @inline(never)
  public mutating func encode(_ text: Span<UInt8>, truncates: Bool = false) throws(SwiftletError) {
    try texts.encode(text, tokenizer, truncates: truncates)
    try run(secondSegment: .max)
  }

  /// Runs the encoder over a pair of texts; the tokenizer must know pairs.
  public mutating func encode(
    _ first: Span<UInt8>, _ second: Span<UInt8>, truncates: Bool = false
  ) throws(SwiftletError) {
    try texts.encode(first, second, tokenizer, segments: &segments, truncates: truncates)
    var start = 0
    while start < texts.count, unsafe segments.pointer[start] == 0 { start += 1 }
    try run(secondSegment: start)
  }

  private mutating func run(secondSegment: Int) throws(SwiftletError) {
    guard texts.count > 0 else { throw .noTokens }
    self.secondSegment = secondSegment
    encodeAgain()
  }

  /// Runs the encoder over the last text.
  mutating func encodeAgain() { Self.run(texts, secondSegment: secondSegment, &workspace, model) }

  private static func run(
    _ texts: borrowing TextBuffers, secondSegment: Int, _ workspace: inout Workspace,
    _ model: borrowing Model
  ) {
    workspace.encode(texts.tokens, secondSegment: secondSegment, model)
  }

  /// Makes a vector of a text: it is in `result`.
  ///
  /// - Parameter pooling: How states become one vector, where the model's makers don't say.
  public mutating func embed(
    _ text: Span<UInt8>, pooling: EncoderHead.Pooling? = nil, truncates: Bool = false
  ) throws(SwiftletError) {
    let pooling = pooling ?? model.architecture.head.pooling
    guard pooling != .none else { throw .noPooling }
    try encode(text, truncates: truncates)
    workspace.runHead(pooling: pooling, model)
  }

  /// Runs the head over the last text, or over the state of one of its tokens: scores are in `result`.
  @inline(never)
  public mutating func runHead(token: Int = 0) { workspace.runHead(token: token, model) }

  /// The vector, or the scores, that the head gave.
  public var result: Span<Float> {
    @_lifetime(borrow self)
    get { workspace.headResult }
  }

  /// Keeps the vector to compare another with.
  public mutating func keepVector() {
    let vector = workspace.headResult
    for index in 0..<min(vector.count, earlier.count) { unsafe earlier.pointer[index] = vector[index] }
  }

  /// The cosine of the angle between the kept vector and `result`; 0 if one of them has no length.
  public func similarity() -> Float {
    let vector = workspace.headResult
    var (product, first, second): (Float, Float, Float) = (0, 0, 0)
    for index in 0..<min(vector.count, earlier.count) {
      let (a, b) = unsafe (earlier.pointer[index], vector[index])
      product += a * b
      first += a * a
      second += b * b
    }
    let length = first.squareRoot() * second.squareRoot()
    return length > 0 ? product / length : 0
  }

  /// The token that stands for a masked place; nil if there is none.
  public var maskToken: UInt32? {
    id(of: "[MASK]") ?? id(of: "<mask>")
  }

  private func id(of text: StaticText) -> UInt32? {
    unsafe tokenizer.id(ofPiece: Span(_unsafeBytes: text.bytes))
  }

  /// Puts the last text together with another token in one place: it is in `filledText`.
  ///
  /// - Throws: `SwiftletError` if the text has no room, which a checked model does not let happen.
  public mutating func fill(_ place: Int, with id: UInt32) throws(SwiftletError) {
    let before = unsafe texts.ids.pointer[place]
    texts.replace(place, with: id)
    defer { texts.replace(place, with: before) }
    decodedCount = try Self.decode(texts, tokenizer, into: &decoded)
  }

  /// The text that `fill` made.
  public var filledText: Span<UInt8> {
    @_lifetime(borrow self)
    get { decoded.span.extracting(0..<decodedCount) }
  }

  private static func decode(
    _ texts: borrowing TextBuffers, _ tokenizer: Tokenizer, into decoded: inout ArenaBuffer<UInt8>
  ) throws(SwiftletError) -> Int {
    var bytes = decoded.mutableSpan
    do { return try tokenizer.decode(texts.tokens, into: &bytes) } catch { throw .tokenizer(error) }
  }
}
