import Foundation
import SourcesTestSupport
import SwiftletFloatReference
import SwiftletSources
import Testing

/// The variants of the family that no model at hand has, against the equations in Double.
@Suite struct VariantTests {
  static let source = [3, 7, 1, 9, 4, 0]
  static let target = [2, 8, 5, 5, 6, 1, 0]

  private func float(_ model: TinyMarian) throws -> FloatModel {
    let directory = try TemporaryDirectory()
    try model.write(to: directory)
    return try FloatModel(source: directory.path)
  }

  @Test(arguments: [
    TinyMarian(), TinyMarian { $0.activation = "swish" }, TinyMarian { $0.before = true },
    TinyMarian { $0.normalizesEmbedding = true }, TinyMarian { $0.scales = false },
    TinyMarian { ($0.ties, $0.heads) = (false, 1) },
    TinyMarian { ($0.shares, $0.targetVocabulary) = (false, 14) },
    TinyMarian { ($0.shares, $0.ties, $0.targetVocabulary, $0.before) = (false, false, 9, true) },
  ])
  func agreesWithTheEquations(_ tiny: TinyMarian) throws {
    let model = try float(tiny)
    var session = FloatSession(model)
    let inputs = [model.decoding.startToken] + Self.target.dropLast()
    let expected = NaiveMarian(model: tiny).logits(source: Self.source, target: inputs)
    let forced = try session.teacherForced(source: Self.source, target: Self.target)
    try session.encode(Self.source)
    for (step, input) in inputs.enumerated() {
      let found = try session.decode(input)
      let normaliser = log(expected[step].reduce(0) { $0 + exp($1) })
      for (token, logit) in expected[step].enumerated() {
        #expect(abs(Double(found.logits[token]) - logit) < 2e-5)
        #expect(abs(Double(forced.logProbabilities[step][token]) - (logit - normaliser)) < 2e-5)
      }
      for (layer, state) in found.layers.enumerated() {
        #expect(zip(state, forced.decoderLayers[layer][step]).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }

  @Test func aCopyOfASessionGoesItsOwnWay() throws {
    var session = FloatSession(try float(TinyMarian()))
    try session.encode(Self.source)
    _ = try session.decode(10)
    var other = session
    _ = try other.decode(3)
    #expect((session.position, other.position) == (1, 2))
    #expect(try session.decode(4) == other.restarted(Self.source, [10, 4]))
  }

  @Test func statesHaveTheirShapes() throws {
    let model = try float(TinyMarian())
    let states = try FloatSession(model).encoderStates(Self.source)
    #expect(states.layers.map(\.count) == [6 * 12, 6 * 12])
    #expect(states.output == states.layers.last)
    #expect(states.embedded.count == 6 * 12)
  }

  @Test func suppressedTokensAreNeverChosen() throws {
    let directory = try TemporaryDirectory()
    try TinyMarian().write(to: directory)
    let first = try greedy(directory)
    let best = try #require(first.ids.first { $0 != 0 })
    try directory.write("{\"suppress_tokens\": [\(best)]}", to: "generation_config.json")
    let second = try greedy(directory)
    #expect(!second.ids.contains(best))
    try directory.write(
      "{\"suppress_tokens\": [\(best)], \"renormalize_logits\": true}", to: "generation_config.json")
    let third = try greedy(directory)
    #expect(third.ids == second.ids)
    #expect(zip(third.logProbabilities, second.logProbabilities).allSatisfy { $0 > $1 })
  }

  private func greedy(_ directory: TemporaryDirectory) throws -> GreedyResult {
    var session = FloatSession(try FloatModel(source: directory.path))
    return try session.greedy(source: Self.source, maxTokens: 5)
  }

  @Test func wrongUseIsAnError() throws {
    let model = try float(TinyMarian())
    var session = FloatSession(model)
    #expect(throws: ReferenceError.noSource) { try session.decode(1) }
    #expect(throws: ReferenceError.empty) { try session.encode([]) }
    #expect(throws: ReferenceError.token(id: 11, index: 1, vocabulary: 11)) { try session.encode([1, 11]) }
    #expect(throws: ReferenceError.token(id: -1, index: 0, vocabulary: 11)) { try session.encode([-1]) }
    #expect(throws: ReferenceError.tooLong(tokens: 17, positions: 16)) {
      try session.encode([Int](repeating: 1, count: 17))
    }
    #expect(throws: ReferenceError.empty) { try session.teacherForced(source: [1], target: []) }
    let long = try session.greedy(source: [1], maxTokens: 100)
    #expect(long.ids.count <= 16)
    #expect(try session.greedy(source: [1], maxTokens: -1).ids.isEmpty)
    #expect(throws: ReferenceError.empty) {
      try model.forEach(count: 3) { (index, session) throws(ReferenceError) in
        try session.encode([Int](repeating: 1, count: index))
      }
    }
  }
}

extension FloatSession {
  /// The step after `tokens`, from the start.
  fileprivate mutating func restarted(_ source: [Int], _ tokens: [Int]) throws -> Step {
    try encode(source)
    for token in tokens.dropLast() { _ = try decode(token) }
    return try decode(tokens.last ?? 0)
  }
}
