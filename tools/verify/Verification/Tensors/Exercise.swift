import Swiftlet
import SwiftletFloatReference
import SwiftletModelFile

/// A line as tokens, for running the float reference on it again and again.
struct Exercise: Sendable {
  /// What is translated or read.
  let source: [Int]
  /// What the reference translates it to; empty without a decoder that attends to an encoder.
  let target: [Int]

  /// What a model makes of the line: scores of the vocabulary or of classes, or vectors; in rows.
  func results(_ model: FloatModel) throws(ReferenceError) -> [[Float]] {
    var session = FloatSession(model)
    if !target.isEmpty {
      try session.encode(source)
      return try session.read([model.decoding.startToken] + target.dropLast()).map(\.logits)
    }
    if model.architecture.decoderLayers > 0 { return try session.read(source.dropLast()).map(\.logits) }
    return try model.head(try session.encoderStates(source).output)
  }
}

extension Verifier {
  /// Some lines, evenly from all of the text, as tokens of the first model.
  func exercises(_ text: VerificationText, count: Int) throws -> [Exercise] {
    let lines = text.lines.count
    let places = lines <= count ? Array(0..<lines) : (0..<count).map { $0 * lines / count }
    if reference.architecture.decoderLayers == 0 {
      let encoder = try models { (file) throws(SwiftletError) in Shared(try Int8Encoder(file)) }[0]
      return try places.compactMap { place in
        try encoder.model.tokens(text.lines[place].text).map { Exercise(source: $0, target: []) }
      }
    }
    let decoder = try models { (file) throws(SwiftletError) in Shared(try Int8Model(file)) }[0]
    let sources = places.compactMap { decoder.model.tokens(text.lines[$0].text) }
    guard translates else {
      return sources.filter { $0.count > 1 }.map { Exercise(source: $0, target: []) }
    }
    let (longest, first) = (decoder.model.longestTarget, decoder.model.decoding.firstToken)
    return try reference.forEach(count: sources.count) { index, session throws(ReferenceError) -> Exercise in
      try session.encode(sources[index])
      let target = try session.greedySteps(maxTokens: longest, firstToken: first).ids
      return Exercise(source: sources[index], target: target)
    }
  }
}
