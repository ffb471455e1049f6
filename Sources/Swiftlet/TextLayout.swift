import SwiftletArena
import SwiftletPlatform
import SwiftletTokenizers

/// The parts of an arena between text and tokens, for one text at a time.
struct TextLayout: Sendable {
  /// The longest text in bytes: 16 for each token.
  let bytes: Int
  /// The most tokens of a text.
  let tokens: Int
  let ids: PlannedBuffer<UInt32>
  let normalized: PlannedBuffer<UInt8>
  let lattice: PlannedBuffer<LatticeNode>
  let input: PlannedBuffer<UInt8>
  let output: PlannedBuffer<UInt8>

  /// Plans for texts of up to `tokens` tokens.
  ///
  /// - Parameter line: The longest line to read, in bytes, if that is not the longest text; 0 for no lines at all.
  init(tokens: Int, line: Int? = nil, in plan: inout MemoryPlan) throws(ArenaError) {
    self.tokens = tokens
    bytes = 16 * tokens
    ids = try plan.add("text tokens", UInt32.self, count: tokens, phases: .all, limit: .source)
    // Normalising turns one byte into at most 3 for all but a few ligatures; what doesn't fit is an error.
    normalized = try plan.add(
      "normalised text", UInt8.self, count: bytes, times: 3, phases: .tokenize, limit: .source)
    lattice = try plan.add(
      "tokenizer lattice", LatticeNode.self, count: bytes, times: 3, phases: .tokenize, limit: .source)
    let page = line == 0 ? 0 : 4096
    input = try plan.add(
      "input buffer", UInt8.self, count: (line ?? bytes) + page, phases: .all, limit: .source)
    output = try plan.add("output buffer", UInt8.self, count: page, phases: .all, limit: .model)
  }
}

/// What turns a text into tokens: a tokenizer's scratch, and where the tokens lie.
struct TextBuffers: ~Copyable {
  let layout: TextLayout
  var input: ArenaBuffer<UInt8>
  var output: ArenaBuffer<UInt8>
  var ids: ArenaBuffer<UInt32>
  /// How many tokens the last text had.
  private(set) var count = 0
  private var normalized: ArenaBuffer<UInt8>
  private var lattice: ArenaBuffer<LatticeNode>

  init(_ layout: TextLayout, in arena: borrowing Arena) {
    self.layout = layout
    input = arena.buffer(layout.input)
    output = arena.buffer(layout.output)
    ids = arena.buffer(layout.ids)
    normalized = arena.buffer(layout.normalized)
    lattice = arena.buffer(layout.lattice)
  }

  /// The tokens of the last text.
  var tokens: Span<UInt32> {
    @_lifetime(borrow self)
    get { ids.span.extracting(0..<count) }
  }

  /// Makes tokens of a text, behind the first `start` ones, which stay. Returns their count.
  @discardableResult @inline(never)
  mutating func encode(
    _ text: Span<UInt8>, _ tokenizer: Tokenizer, from start: Int = 0, usesTemplate: Bool = true,
    truncates: Bool = false
  ) throws(SwiftletError) -> Int {
    count = start
    let most = layout.tokens
    try check(text)
    let made: Int
    do throws(TokenizerError) {
      made = try Self.encode(
        text, tokenizer, start..<most, usesTemplate, truncates, &ids, &normalized, &lattice)
    } catch { throw Self.tooLong(error, before: start, most: most) }
    count = start + made
    return made
  }

  // These take the fields that they need: spans of two fields of one `self` can't be held together.

  private static func encode(
    _ text: Span<UInt8>, _ tokenizer: Tokenizer, _ range: Range<Int>, _ usesTemplate: Bool, _ truncates: Bool,
    _ ids: inout ArenaBuffer<UInt32>, _ normalized: inout ArenaBuffer<UInt8>,
    _ lattice: inout ArenaBuffer<LatticeNode>
  ) throws(TokenizerError) -> Int {
    var all = ids.mutableSpan
    var tokens = all._mutatingExtracting(range)
    var scratch = normalized.mutableSpan
    var nodes = lattice.mutableSpan
    return try tokenizer.encode(
      text, usesTemplate: usesTemplate, truncates: truncates, into: &tokens, normalized: &scratch,
      lattice: &nodes)
  }

  private static func encode(
    _ first: Span<UInt8>, _ second: Span<UInt8>, _ tokenizer: Tokenizer, _ truncates: Bool,
    _ ids: inout ArenaBuffer<UInt32>, _ segments: inout ArenaBuffer<UInt8>,
    _ normalized: inout ArenaBuffer<UInt8>, _ lattice: inout ArenaBuffer<LatticeNode>
  ) throws(TokenizerError) -> Int {
    var tokens = ids.mutableSpan
    var kinds = segments.mutableSpan
    var scratch = normalized.mutableSpan
    var nodes = lattice.mutableSpan
    return try tokenizer.encodePair(
      first, second, truncates: truncates, into: &tokens, segments: &kinds, normalized: &scratch,
      lattice: &nodes)
  }

  /// Makes tokens of a pair of texts, and writes the segment of each.
  mutating func encode(
    _ first: Span<UInt8>, _ second: Span<UInt8>, _ tokenizer: Tokenizer,
    segments: inout ArenaBuffer<UInt8>, truncates: Bool
  ) throws(SwiftletError) {
    count = 0
    let most = layout.tokens
    try check(first)
    try check(second)
    let made: Int
    do throws(TokenizerError) {
      made = try Self.encode(first, second, tokenizer, truncates, &ids, &segments, &normalized, &lattice)
    } catch { throw Self.tooLong(error, before: 0, most: most) }
    count = made
  }

  /// Forgets the tokens.
  mutating func clear() { count = 0 }

  /// Replaces a token.
  mutating func replace(_ place: Int, with id: UInt32) { unsafe ids.pointer[place] = id }

  /// Puts a token behind the others, if there is room for it.
  mutating func append(_ id: UInt32) throws(SwiftletError) {
    guard count < layout.tokens else {
      throw .tooLong(count: count + 1, most: layout.tokens, unit: .tokens, lower: "--max-source")
    }
    unsafe ids.pointer[count] = id
    count += 1
  }

  private func check(_ text: Span<UInt8>) throws(SwiftletError) {
    guard text.count <= layout.bytes else {
      throw .tooLong(count: text.count, most: layout.bytes, unit: .bytes, lower: "--max-source")
    }
    if let offset = firstInvalidUTF8(in: text) { throw .notUTF8(offset: offset) }
  }

  private static func tooLong(_ error: TokenizerError, before: Int, most: Int) -> SwiftletError {
    guard case .tooManyIDs(let count, _) = error else { return .tokenizer(error) }
    return .tooLong(count: before + count, most: most, unit: .tokens, lower: "--max-source")
  }
}
