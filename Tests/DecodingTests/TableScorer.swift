import SwiftletArena
import SwiftletDecoding
import SwiftletKernels
import SwiftletTransformer

/// A scorer whose logits are a function of the source and of all that was read.
@safe final class TableScorer: TokenScorer {
  let vocabulary: Int
  let rows: Int
  let drafts: Int
  /// How many times tokens were read.
  private(set) var steps = 0
  private let logits: (_ source: Int, _ history: [UInt32]) -> [Float]
  private let sources: Int
  /// What is attended to after a history; nothing without it.
  var attention: ((_ history: [UInt32]) -> [Float])?
  private var read: [[UInt32]] = []
  private var slots: [(source: Int, history: [UInt32])]
  private let scores: UnsafeMutableBufferPointer<Float>

  init(
    vocabulary: Int, sources: Int, slots: Int, drafts: Int = 0,
    logits: @escaping (_ source: Int, _ history: [UInt32]) -> [Float]
  ) {
    self.vocabulary = vocabulary
    self.sources = sources
    self.logits = logits
    rows = max(slots, drafts + 1)
    self.drafts = drafts
    self.slots = Array(repeating: (0, []), count: slots)
    unsafe scores = .allocate(capacity: rows * vocabulary)
    unsafe scores.initialize(repeating: 0)
  }
  deinit { unsafe scores.deallocate() }

  func hasSource(_ source: Int) -> Bool { source < sources }
  func begin(_ slot: Int, source: Int) { slots[slot] = (source, []) }
  func fork(_ other: Int, into slot: Int) { slots[slot] = slots[other] }

  func read(_ ids: Span<UInt32>, slots rows: Span<UInt32>, scoresAll: Bool) {
    precondition(!scoresAll || ids.count <= drafts + 1)
    steps += 1
    read = []
    for index in ids.indices {
      let slot = Int(rows[index])
      slots[slot].history.append(ids[index])
      if scoresAll || index + 1 == ids.count || rows[index + 1] != rows[index] { score(slot) }
    }
  }

  func takeBack(_ count: Int, slot: Int) { slots[slot].history.removeLast(count) }

  /// Makes the next row that of a slot.
  private func score(_ slot: Int) {
    let values = logits(slots[slot].source, slots[slot].history)
    for (token, value) in values.enumerated() { unsafe scores[read.count * vocabulary + token] = value }
    read.append(slots[slot].history)
  }

  func addSourceAttention(row: Int, to weights: UnsafeMutablePointer<Float>) {
    for (token, weight) in (attention?(read[row]) ?? []).enumerated() { unsafe weights[token] += weight }
  }

  func logits(row: Int) -> UnsafePointer<Float> {
    unsafe UnsafePointer(scores.baseAddress! + row * vocabulary)
  }

  func likeliest(row: Int) -> Choice {
    let values = (0..<vocabulary).map { unsafe logits(row: row)[$0] }
    var best = 0
    for token in values.indices where values[token] > values[best] { best = token }
    var sum = 0.0
    for value in values { sum += exponentialOf(Double(value - values[best])) }
    return Choice(index: best, logProbability: Float(-logarithm(sum)))
  }
}

/// A search with the table's scores: token 0 ends, token 1 begins.
func search(
  _ settings: SearchSettings, _ scorer: TableScorer, sources: Int, longest: Int, prefix: [UInt32] = [],
  suppressed: [[UInt32]] = [], firstNumber: Int = 0,
  isDone: (_ sentence: Int, _ ids: Span<UInt32>) -> Bool = { _, _ in false }
) throws -> [[Hypothesis]] {
  var plan = MemoryPlan()
  let limits = Limits(
    source: 3, target: longest, batch: sources, beams: settings.beams, scoredRows: settings.drafts + 1)
  let layout = try SearchLayout(
    settings, vocabulary: scorer.vocabulary, limits, prefix: prefix.count,
    suppressed: suppressed.reduce(0) { $0 + $1.count + 1 }, in: &plan)
  plan.place()
  let arena = try Arena(mapping: plan)
  var search = Search(layout, startToken: 1, endToken: 0, in: arena)
  precondition(search.setPrefix(prefix.span))
  for tokens in suppressed { precondition(search.suppress(tokens.span)) }
  var scorer = scorer
  search.run(&scorer, count: sources, firstNumber: firstNumber, isDone: isDone)
  return (0..<sources).map { sentence in
    (0..<search.count(sentence)).map { rank in
      let (ids, values) = (search.ids(sentence, rank: rank), search.logProbabilities(sentence, rank: rank))
      return Hypothesis(
        score: search.score(sentence, rank: rank), ids: ids.indices.map { Int(ids[$0]) },
        logProbabilities: values.indices.map { values[$0] })
    }
  }
}
