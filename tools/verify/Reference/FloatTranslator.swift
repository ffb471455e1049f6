import Foundation
import SwiftletSources
import Synchronization

/// A target that the model was made to read, and what it thought of it.
public struct TeacherForced: Equatable, Sendable {
  /// For each target token, the log-probabilities of the whole vocabulary in its place, before any suppression.
  public let logProbabilities: [[Float]]
  /// The encoder's states: see `FloatSession.EncoderStates`.
  public let encoder: FloatSession.EncoderStates
  /// For each layer of the decoder, for each target token, the state that predicted it: width numbers.
  public let decoderLayers: [[[Float]]]

  /// For each layer of the encoder, its states: tokens × width.
  public var encoderLayers: [[Float]] { encoder.layers }
}

/// A target that the model found.
public struct GreedyResult: Equatable, Sendable {
  /// The tokens: without the start token, with the end token unless the limit was reached before it.
  public let ids: [Int]
  /// The log-probability of each.
  public let logProbabilities: [Float]
}

extension FloatSession {
  /// Reads a source and a given target in one pass.
  ///
  /// - Parameters:
  ///   - source: tokens with the end token.
  ///   - target: tokens without the start token, usually with the end token.
  public mutating func teacherForced(source: [Int], target: [Int]) throws(ReferenceError) -> TeacherForced {
    guard !target.isEmpty else { throw .empty }
    let encoder = try encode(source)
    let (logits, layers) = try decode(block: [model.decoding.startToken] + target.dropLast())
    return TeacherForced(
      logProbabilities: (0..<logits.rows).map { logSoftmax(logits.row($0)) },
      encoder: encoder,
      decoderLayers: layers.map { layer in (0..<layer.rows).map { layer.row($0) } })
  }

  /// Translates by the best token at each step; of equal ones, the lowest id.
  ///
  /// Suppressed ids are never chosen. Log-probabilities are those among all tokens, or among those that are not
  /// suppressed if the configuration says `renormalize_logits`.
  ///
  /// - Parameters:
  ///   - source: tokens with the end token.
  ///   - maxTokens: the longest target, the end token included. The model's positions are a limit, too.
  public mutating func greedy(source: [Int], maxTokens: Int) throws(ReferenceError) -> GreedyResult {
    try encode(source)
    return try continueGreedily(
      after: [model.decoding.startToken], maxTokens: maxTokens, ends: [model.decoding.endToken])
  }

  /// Continues a text, in a model that has a decoder alone, by the best token at each step.
  ///
  /// - Parameters:
  ///   - prompt: the text's first tokens, with the one that begins every text.
  ///   - maxTokens: the most tokens to add. The model's positions are a limit, too.
  public mutating func greedy(prompt: [Int], maxTokens: Int) throws(ReferenceError) -> GreedyResult {
    begin()
    return try continueGreedily(after: prompt, maxTokens: maxTokens, ends: model.decoding.endTokens)
  }

  /// Translates the source that was encoded, and keeps what each step gave: as `greedy(source:maxTokens:)`.
  package mutating func greedySteps(
    maxTokens: Int, firstToken: Int? = nil
  ) throws(ReferenceError) -> (ids: [Int], steps: [Step]) {
    var steps: [Step] = []
    begin()
    let result = try continueGreedily(
      after: [model.decoding.startToken], maxTokens: maxTokens, ends: [model.decoding.endToken],
      firstToken: firstToken
    ) { steps.append($0) }
    return (result.ids, steps)
  }

  private mutating func continueGreedily(
    after prompt: [Int], maxTokens: Int, ends: [Int], firstToken: Int? = nil,
    _ look: (Step) -> Void = { _ in }
  ) throws(ReferenceError) -> GreedyResult {
    guard let last = prompt.last else { throw .empty }
    if prompt.count > 1 { _ = try decode(block: prompt.dropLast()) }
    let decoding = model.decoding
    let suppressed = decoding.suppressedTokens
    var ids: [Int] = []
    var scores: [Float] = []
    var previous = last
    let room = model.architecture.positions - prompt.count + 1
    while ids.count < min(maxTokens, room), !ids.contains(where: { ends.contains($0) }) {
      let step = try decode(previous)
      look(step)
      var logits = step.logits
      let normalised = logSoftmax(logits, suppressed: decoding.renormalizes ? suppressed : [])
      for id in suppressed { logits[id] = -.infinity }
      var best = 0
      for id in logits.indices where logits[id] > logits[best] { best = id }
      if ids.isEmpty, let firstToken { best = firstToken }
      ids.append(best)
      scores.append(normalised[best])
      previous = best
    }
    return GreedyResult(ids: ids, logProbabilities: scores)
  }
}

extension FloatModel {
  /// Does something for each of `count` items, on all cores, with a session for each.
  ///
  /// - Returns: the results in the order of the items.
  /// - Throws: the error of the first item that has one.
  public func forEach<Result: Sendable>(
    count: Int, _ body: @Sendable (Int, inout FloatSession) throws(ReferenceError) -> Result
  ) throws(ReferenceError) -> [Result] {
    let results = Mutex([Int: Swift.Result<Result, ReferenceError>](minimumCapacity: count))
    AllCores.perform(count) { index in
      var session = FloatSession(self)
      let result = Swift.Result { () throws(ReferenceError) in try body(index, &session) }
      results.withLock { $0[index] = result }
    }
    var ordered: [Result] = []
    let finished = results.withLock { $0 }
    for index in 0..<count {
      if let result = finished[index] { ordered.append(try result.get()) }
    }
    return ordered
  }
}
