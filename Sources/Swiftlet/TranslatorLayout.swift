import SwiftletArena
import SwiftletDecoding
import SwiftletModelFile
import SwiftletPlatform
import SwiftletThreads
import SwiftletTokenizers
import SwiftletTransformer

/// The memory that a translator takes, by named part: known before anything runs.
public struct TranslatorLayout: Sendable {
  /// Every part of the arena, placed.
  public let plan: MemoryPlan
  /// The longest sentences.
  public let limits: Limits
  /// Whether a decoder alone goes on from texts.
  public let continues: Bool
  /// The longest text of a source, in bytes: 16 for each token.
  public let sourceBytes: Int
  let model: ModelLayout
  let workspace: WorkspaceLayout
  let sourceIDs: PlannedBuffer<UInt32>
  let sourceCounts: PlannedBuffer<Int>
  let search: SearchLayout
  let stops: PlannedBuffer<UInt8>
  let alignment: PlannedBuffer<Float>
  let maps: PlannedBuffer<Float>
  let readAgain: PlannedBuffer<UInt32>
  let shortlist: ShortlistLayout
  let normalizedText: PlannedBuffer<UInt8>
  let lattice: PlannedBuffer<LatticeNode>
  let targetText: PlannedBuffer<UInt8>
  let sourceTexts: PlannedBuffer<UInt8>
  let chatText: PlannedBuffer<UInt8>
  let input: PlannedBuffer<UInt8>
  let output: PlannedBuffer<UInt8>

  /// Plans for a model and the user's limits.
  ///
  /// - Parameters:
  ///   - source: The longest source in tokens with the end token; nil for the model's, up to 256.
  ///   - target: The longest target in tokens with the end token; nil for the model's, up to 256.
  ///   - batch: How many sentences are translated together.
  ///   - threads: How many threads share the work.
  ///   - search: How tokens are chosen; nil for the model's own way.
  ///   - constraints: The texts that will be forced or forbidden.
  /// - Throws: `SwiftletError` for a limit that the model does not allow, a damaged tokenizer, or sizes that
  ///   overflow.
  public init(
    _ file: borrowing ModelFile, source: Int? = nil, target: Int? = nil, batch: Int = 1, threads: Int = 1,
    search: SearchSettings? = nil, constraints: ConstraintSizes = ConstraintSizes()
  ) throws(SwiftletError) {
    let settings = search ?? SearchSettings(file.decoding)
    try settings.check()
    let task = file.architecture.task
    guard task.decodes else { throw .otherTask(task) }
    continues = task == .continuation
    let limits = try Self.limits(
      file, source: source, target: target, batch: batch, settings,
      rows: constraints.readsAgain ? tokensPerBlock : 0, threads: threads)
    let tokenizer = try targetTokenizer(of: file)
    var plan = MemoryPlan()
    do throws(ArenaError) {
      model = try ModelLayout(file.architecture, in: &plan)
      workspace = try WorkspaceLayout(
        file.architecture, Self.workspaceLimits(limits, file.architecture), in: &plan)
      sourceIDs = try plan.add(
        "source tokens", UInt32.self, count: limits.batch, times: limits.source, phases: .all, limit: .source)
      sourceCounts = try plan.add(
        "source lengths", Int.self, count: limits.batch, phases: .all, limit: .batch)
      // A text of n bytes has at most n tokens and one for the space before it.
      self.search = try SearchLayout(
        settings, vocabulary: file.architecture.targetVocabulary, limits,
        prefix: constraints.prefixBytes > 0 ? constraints.prefixBytes + 1 : 0,
        suppressed: constraints.suppressedBytes + 2 * constraints.suppressedCount,
        keepsTargets: constraints.hasAttention, in: &plan)
      shortlist = try ShortlistLayout(
        vocabulary: constraints.hasShortlist ? file.architecture.targetVocabulary : 0, in: &plan)
      alignment = try plan.add(
        "alignment", Float.self, count: constraints.aligns ? limits.target : 0, times: limits.source,
        phases: .decode | .detokenize, limit: .target)
      let longest = continues ? limits.source + limits.target : max(limits.source, limits.target)
      maps = try AttentionMaps.plan(
        file.architecture, longest: constraints.hasAttention ? longest : 0, in: &plan)
      // A block's slots are behind the tokens.
      readAgain = try plan.add(
        "tokens read again", UInt32.self, count: constraints.readsAgain ? longest + tokensPerBlock : 0,
        phases: .encode | .decode | .detokenize, limit: .target)
      stops = try plan.add(
        "stop texts", UInt8.self, count: constraints.stopBytes + 2 * constraints.stopCount, phases: .all,
        limit: .model)
      sourceBytes = 16 * limits.source
      // Normalising turns one byte into at most 3 for all but a few ligatures; what doesn't fit is an error.
      normalizedText = try plan.add(
        "normalised text", UInt8.self, count: sourceBytes, times: 3, phases: .tokenize, limit: .source)
      lattice = try plan.add(
        "tokenizer lattice", LatticeNode.self, count: sourceBytes, times: 3, phases: .tokenize, limit: .source
      )
      targetText = try plan.add(
        "target text", UInt8.self, count: limits.target, times: tokenizer.longestText,
        // It is looked at while tokens are chosen, too: for stop texts, and to show it as it comes.
        phases: constraints.hasAttention ? .encode | .decode | .detokenize : .decode | .detokenize,
        limit: .target)
      sourceTexts = try plan.add(
        "source texts", UInt8.self, count: constraints.replacesUnknown ? limits.batch : 0, times: sourceBytes,
        phases: .all, limit: .source)
      let chats = unsafe file.metadata.value("chat-before") != nil
      chatText = try plan.add(
        "chat text", UInt8.self, count: chats ? sourceBytes : 0, phases: .tokenize, limit: .source)
      input = try plan.add(
        "input buffer", UInt8.self, count: sourceBytes + 4096, phases: .all, limit: .source)
      output = try plan.add("output buffer", UInt8.self, count: 4096, phases: .all, limit: .model)
    } catch {
      throw .memory(error)
    }
    plan.place()
    self.plan = plan
    self.limits = limits
  }

  /// What the forward pass is planned for: where there is no encoder, a prompt lies in the decoder's own cache, and is
  /// read in blocks.
  private static func workspaceLimits(_ limits: Limits, _ architecture: Architecture) -> Limits {
    guard architecture.encoderLayers == 0 else { return limits }
    return Limits(
      source: 0, target: limits.source + limits.target, batch: limits.batch, beams: limits.beams,
      rows: min(tokensPerBlock, limits.source), scoredRows: limits.scoredRows, threads: limits.threads)
  }

  /// The limits, each checked against the model's.
  private static func limits(
    _ file: borrowing ModelFile, source: Int?, target: Int?, batch: Int, _ settings: SearchSettings,
    rows: Int, threads: Int
  ) throws(SwiftletError) -> Limits {
    let positions = file.architecture.positions
    // A decoder alone has prompt and target in one sequence.
    let isAlone = file.architecture.encoderLayers == 0
    let source = source ?? min(isAlone ? positions / 2 : positions, 256)
    let mostTarget = isAlone ? positions - source : positions
    let limits = Limits(
      source: source, target: target ?? max(1, min(min(file.decoding.maximumTokens, mostTarget), 256)),
      batch: batch, beams: settings.beams, rows: rows,
      // The token that is certain, and the guessed ones.
      scoredRows: settings.drafts > 0 ? settings.drafts + 1 : 0, threads: threads)
    let leastSource = isAlone ? 1 : 2
    let mostSource = max(leastSource, isAlone ? positions - 1 : positions)
    guard (leastSource...mostSource).contains(limits.source) else {
      throw .limit(name: "--max-source", value: limits.source, most: mostSource, least: Int32(leastSource))
    }
    guard limits.target >= 1, limits.target <= mostTarget else {
      throw .limit(name: "--max-target", value: limits.target, most: mostTarget, least: 1)
    }
    guard (1...1024).contains(batch) else {
      throw .limit(name: "--batch", value: batch, most: 1024, least: 1)
    }
    try checkThreads(threads)
    return limits
  }
}

/// The token of a language, by its code: the piece of that text, or of the code between two underscores at each end, as
/// M2M100 has it. Nil if there is none, or it is a piece of texts.
///
/// - Parameter target: Whether it is looked for in the target's vocabulary.
public func languageToken(
  _ code: UnsafeRawBufferPointer, of file: borrowing ModelFile, target: Bool
) throws(SwiftletError) -> UInt32? {
  let tokenizer = try target ? targetTokenizer(of: file) : sourceTokenizer(of: file)
  if let id = unsafe tokenizer.id(ofPiece: Span(_unsafeBytes: code)), isLanguage(id, tokenizer) { return id }
  var piece = InlineArray<64, UInt8>(repeating: UInt8(ascii: "_"))
  guard code.count <= piece.count - 4 else { return nil }
  for index in 0..<code.count { piece[2 + index] = unsafe code[index] }
  let id = tokenizer.id(ofPiece: piece.span.extracting(0..<code.count + 4))
  return id.flatMap { isLanguage($0, tokenizer) ? $0 : nil }
}

private func isLanguage(_ id: UInt32, _ tokenizer: Tokenizer) -> Bool {
  let type = tokenizer.pieceType(id)
  return type == .control || type == .userDefined
}

/// The tokenizer of a model's source: checked, and of the model's vocabulary.
func sourceTokenizer(of file: borrowing ModelFile) throws(SwiftletError) -> Tokenizer {
  try unsafe tokenizer(file.section(.sourceTokenizer), vocabulary: file.architecture.sourceVocabulary)
}

/// The tokenizer of a model's target: checked, and of the model's vocabulary.
func targetTokenizer(of file: borrowing ModelFile) throws(SwiftletError) -> Tokenizer {
  try unsafe tokenizer(file.section(.targetTokenizer), vocabulary: file.architecture.targetVocabulary)
}

private func tokenizer(
  _ section: UnsafeRawBufferPointer, vocabulary: Int
) throws(SwiftletError) -> Tokenizer {
  let tokenizer: Tokenizer
  do { tokenizer = try unsafe Tokenizer(section: section) } catch { throw .tokenizer(error) }
  guard tokenizer.vocabularySize == vocabulary else {
    throw .vocabulary(tokenizer: tokenizer.vocabularySize, model: vocabulary)
  }
  return tokenizer
}

/// Checks that the pool can have so many threads.
func checkThreads(_ threads: Int) throws(SwiftletError) {
  let most = ThreadPoolLayout.maximumThreads
  guard (1...most).contains(threads) else {
    throw .limit(name: "--threads", value: threads, most: most, least: 1)
  }
}
