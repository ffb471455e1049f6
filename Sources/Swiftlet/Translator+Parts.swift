import SwiftletArena
import SwiftletDecoding
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

extension Translator {
  // Each of these takes the fields that it needs: spans of two fields of one `self` can't be held together.

  /// Writes a text's tokens, with what the tokenizer's template puts around them; returns their count: 0 for a text
  /// without tokens, unless a decoder alone can go on from the template's.
  static func tokenize(
    _ text: Span<UInt8>, _ tokenizer: Tokenizer, usesTemplate: Bool = true, language: UInt32? = nil,
    _ layout: TranslatorLayout,
    _ ids: inout ArenaBuffer<UInt32>, _ start: Int, _ normalized: inout ArenaBuffer<UInt8>,
    _ lattice: inout ArenaBuffer<LatticeNode>
  ) throws(SwiftletError) -> Int {
    guard text.count <= layout.sourceBytes else {
      throw .tooLong(count: text.count, most: layout.sourceBytes, unit: .bytes, lower: "--max-source")
    }
    if let offset = firstInvalidUTF8(in: text) { throw .notUTF8(offset: offset) }
    let most = layout.limits.source
    var all = ids.mutableSpan
    var tokens = all._mutatingExtracting(start..<start + most)
    var scratch = normalized.mutableSpan
    var nodes = lattice.mutableSpan
    do throws(TokenizerError) {
      let count = try tokenizer.encode(
        text, usesTemplate: usesTemplate, language: language, into: &tokens, normalized: &scratch,
        lattice: &nodes)
      return usesTemplate && !layout.continues && count == tokenizer.templateTokens ? 0 : count
    } catch {
      guard case .tooManyIDs(let count, _) = error else { throw .tokenizer(error) }
      throw .tooLong(count: count, most: most, unit: .tokens, lower: "--max-source")
    }
  }

  /// Writes the tokens of a message in its template, which is all that stands around it.
  static func tokenize(
    _ chat: borrowing ChatText, _ tokenizer: Tokenizer, _ layout: TranslatorLayout,
    _ ids: inout ArenaBuffer<UInt32>, _ start: Int, _ normalized: inout ArenaBuffer<UInt8>,
    _ lattice: inout ArenaBuffer<LatticeNode>
  ) throws(SwiftletError) -> Int {
    try tokenize(
      chat.text, tokenizer, usesTemplate: false, layout, &ids, start, &normalized, &lattice)
  }

  static func encode(
    _ ids: borrowing ArenaBuffer<UInt32>, _ range: Range<Int>, source: Int, _ workspace: inout Workspace,
    _ model: borrowing Model
  ) {
    workspace.encode(ids.span.extracting(range), source: source, model)
  }

  /// Decodes the sources. If there are stop texts, or `shows`, asks `isDone` after each token with the target's text, and
  /// how much of it is certain.
  static func run(
    _ search: inout Search, _ workspace: inout Workspace, _ model: borrowing Model,
    _ sources: SourceTokens, _ prompts: SourceTokens?, count: Int, firstNumber: Int,
    _ maximumTokens: Int, _ tokenizer: Tokenizer, _ text: inout ArenaBuffer<UInt8>,
    _ stops: borrowing StopTexts, shows: Bool, _ isDone: (_ text: Span<UInt8>, _ certain: Int) -> Bool
  ) {
    search.maximumTokens = min(search.settings.maximumTokens, maximumTokens)
    let watches = shows || !stops.isEmpty
    search.run(&workspace, model, sources: sources, count: count, firstNumber: firstNumber) { sentence, ids in
      guard watches else { return false }
      var bytes = text.mutableSpan
      // What a checked model's tokens decode to has room.
      guard let count = try? decode(ids, prompts, sentence, tokenizer, into: &bytes) else { return true }
      let decoded = text.span.extracting(0..<count)
      if stops.cut(decoded) != nil { return true }
      return isDone(decoded, certainCount(decoded, ids, tokenizer, stops))
    }
  }

  /// The text of a target; with a decoder alone, as it stands behind its prompt.
  static func decode(
    _ ids: Span<UInt32>, _ prompts: SourceTokens?, _ sentence: Int, _ tokenizer: Tokenizer,
    into bytes: inout MutableSpan<UInt8>
  ) throws(TokenizerError) -> Int {
    guard let prompts else { return try tokenizer.decode(ids, into: &bytes) }
    return try unsafe tokenizer.decode(ids, after: prompts.tokens(sentence).span, into: &bytes)
  }

  /// How much of a target's text more tokens can't change: all but a character of which only some bytes are there, and
  /// what may begin a stop text.
  static func certainCount(
    _ text: Span<UInt8>, _ ids: Span<UInt32>, _ tokenizer: Tokenizer, _ stops: borrowing StopTexts
  ) -> Int {
    var count = text.count
    if ids.count > 0, tokenizer.pieceType(ids[ids.count - 1]) == .byte {
      // Bytes that make no character yet are shown as U+FFFD: EF BF BD in UTF-8.
      while count >= 3, text[count - 3] == 0xEF, text[count - 2] == 0xBF, text[count - 1] == 0xBD {
        count -= 3
      }
    }
    return min(count, text.count - stops.pending(text))
  }

  static func detokenize(
    _ search: borrowing Search, _ prompts: SourceTokens?, _ sentence: Int, rank: Int, _ tokenizer: Tokenizer,
    _ stops: borrowing StopTexts, _ text: inout ArenaBuffer<UInt8>
  ) throws(SwiftletError) -> Int {
    var bytes = text.mutableSpan
    let count: Int
    do {
      count = try decode(search.ids(sentence, rank: rank), prompts, sentence, tokenizer, into: &bytes)
    } catch {
      throw .tokenizer(error)
    }
    return stops.cut(text.span.extracting(0..<count)) ?? count
  }

  /// Copies a target's tokens but for the last; returns how many.
  static func copy(
    _ search: borrowing Search, _ sentence: Int, rank: Int, to tokens: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let ids = search.ids(sentence, rank: rank)
    for index in 0..<max(0, ids.count - 1) { unsafe tokens[index] = ids[index] }
    return max(0, ids.count - 1)
  }

  /// Reads tokens in blocks; behind them there is room for a block's slots.
  static func read(
    _ ids: borrowing ArenaBuffer<UInt32>, _ count: Int, slot: Int, _ workspace: inout Workspace,
    _ model: borrowing Model
  ) {
    let slots = ids.count - tokensPerBlock
    for index in slots..<ids.count { unsafe ids.pointer[index] = UInt32(truncatingIfNeeded: slot) }
    let most = min(workspace.limits.rows, tokensPerBlock)
    var first = 0
    while first < count {
      let end = min(first + most, count)
      workspace.step(
        ids.span.extracting(first..<end), slots: ids.span.extracting(slots..<slots + end - first), model)
      first = end
    }
  }

  static func setPrefix(_ search: inout Search, _ ids: borrowing ArenaBuffer<UInt32>, _ count: Int) -> Bool {
    search.setPrefix(ids.span.extracting(0..<count))
  }

  static func suppress(_ search: inout Search, _ ids: borrowing ArenaBuffer<UInt32>, _ count: Int) -> Bool {
    search.suppress(ids.span.extracting(0..<count))
  }
}
