import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers

/// The memory that making tokens of texts takes, without a model.
public struct TextTokenizerLayout: Sendable {
  /// Every part of the arena, placed.
  public let plan: MemoryPlan
  let texts: TextLayout
  let decoded: PlannedBuffer<UInt8>

  /// The longest text, in bytes: 16 for each token.
  public var textBytes: Int { texts.bytes }

  /// Plans for texts of up to `longest` tokens.
  init(_ tokenizer: Tokenizer, longest: Int) throws(SwiftletError) {
    guard (1...65_536).contains(longest) else {
      throw .limit(name: "--max-source", value: longest, most: 65_536, least: 1)
    }
    var plan = MemoryPlan()
    do throws(ArenaError) {
      texts = try TextLayout(tokens: longest, in: &plan)
      decoded = try plan.add(
        "decoded text", UInt8.self, count: longest, times: tokenizer.longestText, phases: .detokenize,
        limit: .source)
    } catch {
      throw .memory(error)
    }
    plan.place()
    self.plan = plan
  }
}

/// Makes tokens of texts, and texts of tokens, as a model's tokenizer does, in a fixed amount of memory.
public struct TextTokenizer: ~Copyable {
  /// The parts of the arena.
  public let layout: TextTokenizerLayout
  /// The tokenizer.
  public let tokenizer: Tokenizer
  private let file: ModelFile
  private let arena: Arena
  private var texts: TextBuffers
  private var decoded: ArenaBuffer<UInt8>
  private var decodedCount = 0

  /// Takes an open file.
  ///
  /// - Parameters:
  ///   - target: Whether the target's tokenizer is wanted, not the source's.
  ///   - longest: The most tokens of a text.
  ///   - budget: The most bytes that the arena may take.
  public init(
    _ file: consuming ModelFile, target: Bool = false, longest: Int = 2048, budget: Int = .max
  ) throws(SwiftletError) {
    let tokenizer = try target ? targetTokenizer(of: file) : sourceTokenizer(of: file)
    let layout = try TextTokenizerLayout(tokenizer, longest: longest)
    let arena = try mapArena(layout.plan, budget: budget)
    self.tokenizer = tokenizer
    self.layout = layout
    texts = TextBuffers(layout.texts, in: arena)
    decoded = arena.buffer(layout.decoded)
    self.arena = arena
    self.file = file
  }

  /// A buffer for reading text from the system: `layout.textBytes` and a page.
  public var input: UnsafeMutableRawBufferPointer { unsafe texts.input.bytes }

  /// A buffer for writing text to the system.
  public var output: UnsafeMutableRawBufferPointer { unsafe texts.output.bytes }

  /// Makes tokens of a text, with the template's: they are in `ids`.
  ///
  /// - Throws: `SwiftletError` for a text that is not UTF-8, or too long.
  public mutating func encode(_ text: Span<UInt8>) throws(SwiftletError) {
    try texts.encode(text, tokenizer)
  }

  /// The tokens of the last text.
  public var ids: Span<UInt32> {
    @_lifetime(borrow self)
    get { texts.tokens }
  }

  /// Makes a text of ids in decimal, with spaces, TABs or commas between them: it is in `text`.
  ///
  /// - Throws: `SwiftletError` for what is no id of the vocabulary, or too many of them.
  public mutating func decode(_ line: Span<UInt8>) throws(SwiftletError) {
    decodedCount = 0
    texts.clear()
    var at = 0
    while at < line.count {
      let byte = line[at]
      if byte == 0x20 || byte == 0x09 || byte == 0x2C {
        at += 1
        continue
      }
      let start = at
      var id = 0
      while at < line.count, line[at] >= 0x30, line[at] <= 0x39, at - start < 9 {
        id = id * 10 + Int(line[at] - 0x30)
        at += 1
      }
      guard at > start, id < tokenizer.vocabularySize else { throw .notAnID(offset: start) }
      try texts.append(UInt32(truncatingIfNeeded: id))
    }
    decodedCount = try Self.decode(texts, tokenizer, into: &decoded)
  }

  private static func decode(
    _ texts: borrowing TextBuffers, _ tokenizer: Tokenizer, into decoded: inout ArenaBuffer<UInt8>
  ) throws(SwiftletError) -> Int {
    var bytes = decoded.mutableSpan
    do { return try tokenizer.decode(texts.tokens, into: &bytes) } catch { throw .tokenizer(error) }
  }

  /// The text that `decode` made.
  public var text: Span<UInt8> {
    @_lifetime(borrow self)
    get { decoded.span.extracting(0..<decodedCount) }
  }
}
