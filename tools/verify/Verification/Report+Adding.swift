import SwiftletMetrics

extension Report {
  /// How many of the worst lines are kept.
  static let worstLineCount = 10

  mutating func add(_ comparison: TokenComparison, line: Int, token: Int, text: String) {
    tokens += 1
    if comparison.sameTop { sameTop += 1 }
    if !(comparison.divergence <= divergence.worst) { worst = Place(line: line, token: token, text: text) }
    divergence.add(comparison.divergence)
    logProbabilityError.add(abs(comparison.logProbabilityError))
    probabilityError.add(abs(comparison.probabilityError))
  }

  /// A token that was given, whatever the models would have chosen.
  mutating func addGiven(_ reference: ScoredToken, _ model: ScoredToken) {
    perplexity.add(reference.logProbability, model.logProbability)
    referenceReliability.add(confidence: reference.confidence, isRight: reference.isTop)
    reliability.add(confidence: model.confidence, isRight: model.isTop)
  }

  /// Keeps a line if it is among the worst. `line` is only called for one that is.
  mutating func keep(divergence: Double, _ line: () -> WorstLine) {
    guard worstLines.count < Self.worstLineCount || divergence > worstLines[worstLines.count - 1].divergence
    else { return }
    let place = worstLines.firstIndex { $0.divergence < divergence } ?? worstLines.count
    worstLines.insert(line(), at: place)
    if worstLines.count > Self.worstLineCount { worstLines.removeLast() }
  }

  /// Vectors of a text, the reference's and the model's.
  mutating func addVector(_ float: [Float], _ int8: [Float], line: Int, _ text: String) {
    let similarity = cosineSimilarity(float, int8)
    cosine.add(similarity)
    let place = farthest.firstIndex { $0.cosine > similarity } ?? farthest.count
    guard place < Self.worstLineCount else { return }
    farthest.insert(FarVector(place: Place(line: line, text: text), cosine: similarity), at: place)
    if farthest.count > Self.worstLineCount { farthest.removeLast() }
  }

  /// The encoder's states after each layer, all tokens' one after the other.
  mutating func addEncoder(_ float: [[Float]], _ int8: [[Float]]) {
    for (layer, (a, b)) in zip(float, int8).enumerated() {
      for start in stride(from: 0, to: a.count, by: width) {
        layers[layer].similarity.add(a[start..<start + width], b[start..<start + width])
      }
    }
  }

  /// The decoder's states after each layer, of one token.
  mutating func addDecoder(_ float: [[Float]], _ int8: [[Float]]) {
    for (layer, (a, b)) in zip(float, int8).enumerated() {
      layers[encoderLayers + layer].similarity.add(a, b)
    }
  }
}

/// The cosine of two vectors.
func cosineSimilarity(_ one: [Float], _ other: [Float]) -> Double {
  var similarity = Similarity()
  similarity.add(one, other)
  return similarity.cosine
}
