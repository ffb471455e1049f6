import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// The parts of an arena that a search takes.
public struct SearchLayout: Sendable {
  let targets: TargetsLayout
  let beams: BeamsLayout
  let processors: ProcessorsLayout
  let sampler: SamplerLayout
  let coverage: PlannedBuffer<Float>
  let longestSource: Int
  let drafts: DraftsLayout
  let rowIDs: PlannedBuffer<UInt32>
  let rowSlots: PlannedBuffer<UInt32>
  let prefix: PlannedBuffer<UInt32>
  /// How tokens are chosen.
  public let settings: SearchSettings
  let slotsPerSentence: Int

  /// Adds a search's parts to a plan.
  ///
  /// - Parameters:
  ///   - vocabulary: How many target tokens there are.
  ///   - limits: The workspace's.
  ///   - prefix: The most tokens of a forced prefix.
  ///   - suppressed: The words that suppressed sequences take: their tokens, and one more each.
  ///   - keepsTargets: Whether targets must stay while something is encoded.
  public init(
    _ settings: SearchSettings, vocabulary: Int, _ limits: Limits, prefix: Int = 0, suppressed: Int = 0,
    keepsTargets: Bool = false, in plan: inout MemoryPlan
  ) throws(ArenaError) {
    self.settings = settings
    slotsPerSentence = limits.beams
    targets = try TargetsLayout(
      batch: limits.batch, perSentence: settings.finishedHypotheses, capacity: limits.target,
      phases: keepsTargets ? .encode | .decode | .detokenize : .decode | .detokenize, in: &plan)
    beams = try BeamsLayout(
      beams: settings.beams, batch: limits.batch, capacity: limits.target, in: &plan)
    processors = try ProcessorsLayout(settings, vocabulary: vocabulary, suppressed: suppressed, in: &plan)
    sampler = try SamplerLayout(settings, vocabulary: vocabulary, batch: limits.batch, in: &plan)
    longestSource = limits.source
    coverage = try plan.add(
      "source coverage", Float.self,
      count: settings.beams > 1 && settings.coveragePenalty != 0 ? limits.slots : 0, times: limits.source,
      phases: .decode, limit: .beams)
    drafts = try DraftsLayout(most: settings.beams > 1 ? 0 : settings.drafts, in: &plan)
    rowIDs = try plan.add(
      "tokens to read", UInt32.self, count: limits.rows, phases: .decode, limit: .batch)
    rowSlots = try plan.add(
      "slots to read", UInt32.self, count: limits.rows, phases: .decode, limit: .batch)
    self.prefix = try plan.add("forced prefix", UInt32.self, count: prefix, phases: .all, limit: .target)
  }
}

/// A search for the targets of a batch of sentences: greedy, by drawing, or with beams, as its settings say.
public struct Search: ~Copyable {
  /// How tokens are chosen.
  public let settings: SearchSettings
  /// The most tokens of a target, if that is less than there is room for.
  public var maximumTokens: Int
  var targets: Targets
  var beams: Beams
  var processors: Processors
  let sampler: Sampler
  let coverage: Coverage
  var drafts: Drafts
  /// What guesses are made from, other than targets.
  var known = KnownTokens.none
  let rowIDs: ArenaBuffer<UInt32>
  let rowSlots: ArenaBuffer<UInt32>
  let prefix: ArenaBuffer<UInt32>
  let slotsPerSentence: Int
  var prefixCount = 0
  var openCount = 0
  /// The token that decoding starts from.
  let startToken: Int
  /// The tokens that end a target.
  public private(set) var ends = EndTokens()

  /// Takes the buffers from an arena, which must outlive them.
  public init(
    _ layout: SearchLayout, startToken: Int, endToken: Int, in arena: borrowing Arena
  ) {
    settings = layout.settings
    maximumTokens = layout.settings.maximumTokens
    targets = Targets(layout.targets, in: arena)
    beams = Beams(layout.beams, in: arena)
    processors = Processors(layout.processors, in: arena)
    sampler = Sampler(layout.sampler, in: arena)
    coverage = Coverage(arena.buffer(layout.coverage), capacity: layout.longestSource)
    drafts = Drafts(layout.drafts, in: arena)
    rowIDs = arena.buffer(layout.rowIDs)
    rowSlots = arena.buffer(layout.rowSlots)
    prefix = arena.buffer(layout.prefix)
    slotsPerSentence = layout.slotsPerSentence
    self.startToken = startToken
    _ = ends.add(endToken)
  }

  /// Forgets what guesses are made from: what follows does not depend on earlier runs, not even in time.
  public mutating func forgetDrafts() { drafts.clear() }

  /// Lets one more token end targets. Returns whether there was room for it.
  public mutating func endAlso(with token: Int) -> Bool { ends.add(token) }

  /// Lets all targets begin with these tokens. Returns whether there was room for them.
  public mutating func setPrefix(_ tokens: Span<UInt32>) -> Bool {
    guard tokens.count <= prefix.count, tokens.count <= targets.sequences.capacity else { return false }
    for index in 0..<tokens.count { unsafe prefix.pointer[index] = tokens[index] }
    prefixCount = tokens.count
    return true
  }

  /// Lets no target have these tokens in a row. Returns whether there was room for them.
  public mutating func suppress(_ tokens: Span<UInt32>) -> Bool { processors.suppressed.add(tokens) }

  /// Decodes the sources 0 to `count` − 1, all together: the results are those of one by one, bit for bit; an empty
  /// source's target is empty.
  ///
  /// - Parameters:
  ///   - firstNumber: The number of sentence 0 among all that are decoded with one seed.
  ///   - isDone: Is asked after each token, with beams after each that a hypothesis may go on with, whether its target
  ///     ends there.
  public mutating func run<Scorer: TokenScorer & ~Copyable>(
    _ scorer: inout Scorer, count: Int, firstNumber: Int = 0,
    isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool = { _, _ in false }
  ) {
    targets.clear()
    openCount = 0
    if settings.beams > 1 {
      runBeams(&scorer, count: count, isDone)
    } else {
      runGreedy(&scorer, count: count, firstNumber: firstNumber, isDone)
    }
  }

  /// Decodes the sources that `workspace` has encoded; with a decoder alone, what goes on from `sources`.
  public mutating func run(
    _ workspace: inout Workspace, _ model: borrowing Model, sources: SourceTokens, count: Int,
    firstNumber: Int = 0,
    isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool = { _, _ in false }
  ) {
    let isAlone = model.architecture.encoderLayers == 0
    known = isAlone ? .prompts(sources) : .sources(sources)
    let prompts = isAlone ? sources : nil
    unsafe withUnsafeMutablePointer(to: &self) { search in
      withScorer(&workspace, model, prompts) { scorer in
        unsafe search.pointee.run(&scorer, count: count, firstNumber: firstNumber, isDone: isDone)
      }
    }
  }

  /// Begins a sequence in a slot, and reads the start token and the prefix but for the last of them. The rows to read
  /// are in use meanwhile.
  mutating func begin<Scorer: TokenScorer & ~Copyable>(_ slot: Int, source: Int, _ scorer: inout Scorer) {
    scorer.begin(slot, source: source)
    let start = start(source, scorer)
    var place = 0
    while place < prefixCount {
      let count = min(min(scorer.rows, rowIDs.count), prefixCount - place)
      // The tokens to read are the start token and the prefix's: number `place` is the prefix's number `place` − 1.
      for index in 0..<count {
        let token = place + index
        unsafe rowIDs.pointer[index] =
          unsafe token == 0 ? UInt32(truncatingIfNeeded: start) : prefix.pointer[token - 1]
      }
      for index in 0..<count { unsafe rowSlots.pointer[index] = UInt32(truncatingIfNeeded: slot) }
      read(count, &scorer)
      place += count
    }
  }

  /// Lets the scorer read the first `count` rows.
  func read<Scorer: TokenScorer & ~Copyable>(_ count: Int, scoresAll: Bool = false, _ scorer: inout Scorer) {
    scorer.read(
      rowIDs.span.extracting(0..<count), slots: rowSlots.span.extracting(0..<count), scoresAll: scoresAll)
  }

  /// What decoding from a source reads first.
  func start<Scorer: TokenScorer & ~Copyable>(_ source: Int, _ scorer: borrowing Scorer) -> Int {
    scorer.startToken(source).map { Int(truncatingIfNeeded: $0) } ?? startToken
  }

  /// How many more tokens fit after so many were chosen.
  func room(_ chosen: Int) -> Int {
    max(0, min(maximumTokens, targets.sequences.capacity) - prefixCount - chosen)
  }
}

extension Search {
  /// Forgets all results.
  public mutating func clear() { targets.clear() }

  /// How many hypotheses of a sentence there are to show: 1 or more, unless the sentence is empty.
  public func count(_ sentence: Int) -> Int { min(settings.nBest, targets.count(sentence)) }

  /// The tokens of a sentence's hypothesis of a rank, with the end token if it was reached; without one, none.
  @_lifetime(borrow self) @inline(never)
  public func ids(_ sentence: Int, rank: Int = 0) -> Span<UInt32> {
    targets.sequences.ids(targets.place(sentence, rank: rank))
  }

  /// The log-probability of each token: 0 for those that were forced as a prefix. Of a beam search after penalties, of
  /// other searches before all that changes logits.
  @_lifetime(borrow self) @inline(never)
  public func logProbabilities(_ sentence: Int, rank: Int = 0) -> Span<Float> {
    targets.sequences.logProbabilities(targets.place(sentence, rank: rank))
  }

  /// A hypothesis' score: the sum of its log-probabilities over its length to the power of the length penalty.
  public func score(_ sentence: Int, rank: Int = 0) -> Float { targets.score(sentence, rank: rank) }
}
