import SwiftletDecoding
import SwiftletFloatReference
import SwiftletKernels

/// The float reference as what a search takes its scores from: so a search can be tested without quantisation.
///
/// Each slot holds a session; a fork is a copy of it.
public struct FloatScorer: TokenScorer {
  private let encoded: [FloatSession?]
  private var slots: [FloatSession?]
  private let logits: Logits
  private var choices: [Choice] = []
  private let suppressed: [Int]
  private let renormalizes: Bool
  /// What went wrong first, if something did: what was scored since then has no meaning.
  public private(set) var failure: ReferenceError?

  /// Encodes sources, each with its end token or empty, for searches in `slots` slots.
  public init(_ model: FloatModel, sources: [[Int]], slots: Int) throws(ReferenceError) {
    var encoded: [FloatSession?] = []
    for source in sources {
      var session = FloatSession(model)
      if !source.isEmpty { try session.encode(source) }
      encoded.append(source.isEmpty ? nil : session)
    }
    self.encoded = encoded
    self.slots = Array(repeating: nil, count: slots)
    logits = Logits(rows: slots, vocabulary: model.architecture.targetVocabulary)
    suppressed = model.decoding.suppressedTokens
    renormalizes = model.decoding.renormalizes
  }

  /// How many tokens there are.
  public var vocabulary: Int { logits.vocabulary }
  /// One token of each slot.
  public var rows: Int { slots.count }

  /// Whether the source is not empty.
  public func hasSource(_ source: Int) -> Bool { encoded[source] != nil }

  /// Puts a session that has read nothing into a slot.
  public mutating func begin(_ slot: Int, source: Int) { slots[slot] = encoded[source] }

  /// Copies a session.
  public mutating func fork(_ other: Int, into slot: Int) { slots[slot] = slots[other] }

  /// Reads tokens, one session after another.
  public mutating func read(_ ids: Span<UInt32>, slots: Span<UInt32>, scoresAll: Bool) {
    precondition(!scoresAll, "the reference takes nothing back, so nothing is guessed")
    choices = []
    for row in ids.indices {
      if row > 0, slots[row] != slots[row - 1] { finishRow() }
      let slot = Int(slots[row])
      do throws(ReferenceError) {
        guard var session = self.slots[slot] else { throw .noSource }
        let step = try session.decode(Int(ids[row]))
        self.slots[slot] = session
        logits.set(step.logits, row: choices.count)
      } catch {
        failure = failure ?? error
        logits.set([], row: choices.count)
      }
    }
    finishRow()
  }

  /// Finds the likeliest token of the row that was scored last; log-probabilities are those among all tokens, or among
  /// those that are not suppressed if the configuration says `renormalize_logits`.
  private mutating func finishRow() {
    let values = unsafe logits.row(choices.count)
    if renormalizes { unsafe suppress(values) }
    var best = 0
    for id in values.indices where unsafe values[id] > values[best] { best = id }
    let largest = unsafe values[best]
    let logSum = unsafe logSumOfExponentials(values, less: largest)
    if !renormalizes { unsafe suppress(values) }
    choices.append(Choice(index: best, logProbability: -logSum))
  }

  private func suppress(_ values: UnsafeMutableBufferPointer<Float>) {
    for id in suppressed { unsafe values[id] = -.infinity }
  }

  /// A row's logits.
  public func logits(row: Int) -> UnsafePointer<Float> {
    unsafe UnsafePointer(logits.row(row).baseAddress.unsafelyUnwrapped)  // A vocabulary is not empty.
  }

  /// A row's likeliest token.
  public func likeliest(row: Int) -> Choice { choices[row] }
}

/// Rows of logits at a place that stays.
@safe private final class Logits: @unchecked Sendable {
  let vocabulary: Int
  private let values: UnsafeMutableBufferPointer<Float>

  init(rows: Int, vocabulary: Int) {
    self.vocabulary = vocabulary
    unsafe values = .allocate(capacity: rows * vocabulary)
    unsafe values.initialize(repeating: 0)
  }
  deinit { unsafe values.deallocate() }

  func row(_ row: Int) -> UnsafeMutableBufferPointer<Float> {
    unsafe UnsafeMutableBufferPointer(rebasing: values[row * vocabulary..<(row + 1) * vocabulary])
  }

  func set(_ logits: [Float], row: Int) { _ = unsafe self.row(row).update(fromContentsOf: logits) }
}
