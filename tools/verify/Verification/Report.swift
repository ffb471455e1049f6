import Foundation
import SwiftletModelFile

/// What int8 cost on a text.
public struct Report: Sendable {
  /// Lines that were verified.
  public internal(set) var sentences = 0
  /// Lines that were not: empty, or longer than the model's limits.
  public internal(set) var skipped = 0
  /// Distributions that were compared: of target tokens, teacher-forced on the float reference's greedy output; of a
  /// text's tokens; of classes.
  public internal(set) var tokens = 0
  /// The Kullback-Leibler divergence of each token's distribution, in nats.
  public internal(set) var divergence = Distribution()
  /// Where it is worst: the line (from 1), the token in it (from 1), and the line's text.
  public internal(set) var worst = (line: 0, token: 0, text: "", divergence: -1.0)
  /// |ln Q − ln P| of each token.
  public internal(set) var logProbabilityError = Distribution()
  /// |Q − P| of each token.
  public internal(set) var probabilityError = Distribution()
  /// Tokens where both have the same likeliest one.
  public internal(set) var sameTop = 0
  /// Lines whose greedy translations are the same tokens.
  public internal(set) var identical = 0
  /// The sum of the logarithms of the text's tokens' probabilities.
  public internal(set) var logProbability = (reference: 0.0, int8: 0.0)
  /// The cosine of each of an encoder's vectors with the reference's.
  public internal(set) var cosine = Distribution()
  /// Where it is smallest: the line (from 1), and its text.
  public internal(set) var farthest = (line: 0, text: "", cosine: 2.0)
  /// The encoder's layers, then the decoder's.
  public internal(set) var layers: [(name: String, similarity: Similarity)]
  private let kind: Kind
  fileprivate let encoderLayers: Int
  fileprivate let width: Int

  private enum Kind { case translations, texts, vectors, classes }

  /// A report of nothing yet.
  init(_ architecture: Architecture) {
    encoderLayers = architecture.encoderLayers
    width = architecture.width
    layers =
      (0..<architecture.encoderLayers).map { ("encoder layer \($0)", Similarity()) }
      + (0..<architecture.decoderLayers).map { ("decoder layer \($0)", Similarity()) }
    kind =
      architecture.hasCrossAttention
      ? .translations
      : architecture.decoderLayers > 0 || architecture.head.predictsTokens
        ? .texts : architecture.head.classes > 0 ? .classes : .vectors
  }

  /// Tokens with the same likeliest one, in %.
  public var sameTopPercent: Double { 100 * Double(sameTop) / Double(tokens) }
  /// The perplexity of the text for the reference and for the int8 model: e to the mean negative log-probability.
  public var perplexity: (reference: Double, int8: Double) {
    (exp(-logProbability.reference / Double(tokens)), exp(-logProbability.int8 / Double(tokens)))
  }
  /// Lines with identical greedy translations, in %.
  public var identicalPercent: Double { 100 * Double(identical) / Double(sentences) }

  static let percents = [50.0, 90, 99, 99.9]

  /// The report in lines of text.
  public var text: String {
    func number(_ value: Double) -> String { String(format: "%.3e", value) }
    func spread(_ distribution: Distribution) -> String {
      let values = distribution.percentiles(Self.percents).map(number)
      return
        "median \(values[0])  90 % \(values[1])  99 % \(values[2])  99.9 % \(values[3])  worst \(number(distribution.worst))"
    }
    var lines = [headline + (skipped > 0 ? "; \(skipped) lines skipped (empty or too long)" : "")]
    if cosine.count > 0 {
      let values = cosine.percentiles([50, 10, 1])
      lines += [
        "cosine                 mean \(decimals(cosine.mean))  median \(decimals(values[0]))  10 % \(decimals(values[1]))  1 % \(decimals(values[2]))  worst \(decimals(cosine.least))",
        "  worst at             line \(farthest.line): \(farthest.text)",
      ]
    }
    if tokens > 0 {
      lines += [
        "KL divergence          mean \(number(divergence.mean))  \(spread(divergence))",
        "  worst at             line \(worst.line), token \(worst.token): \(worst.text)",
        "same top token         \(String(format: "%.2f", sameTopPercent)) %",
        "log-probability error  RMS \(number(logProbabilityError.rootMeanSquare))  \(spread(logProbabilityError))",
        "probability error      RMS \(number(probabilityError.rootMeanSquare))  \(spread(probabilityError))",
      ]
    }
    switch kind {
    case .translations:
      let percent = String(format: "%.1f", identicalPercent)
      lines.append("identical translations \(percent) % (\(identical) of \(sentences))")
    case .texts:
      let (float, int8) = perplexity
      lines.append(
        String(
          format: "perplexity             %.4f, of the reference %.4f, ratio %.6f", int8, float, int8 / float)
      )
    case .vectors, .classes: break
    }
    lines += ["", "states after           SQNR dB    cosine"]
    for layer in layers {
      let name = layer.name.padding(toLength: 22, withPad: " ", startingAt: 0)
      lines.append(name + String(format: "%8.2f  %.6f", layer.similarity.decibels, layer.similarity.cosine))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What was compared, and on what.
  private var headline: String {
    switch kind {
    case .translations:
      "\(sentences) lines, \(tokens) tokens, teacher-forced on the float reference's greedy translations"
    case .texts: "\(sentences) lines, \(tokens) tokens, each predicted with the text's others known"
    case .classes: "\(sentences) lines, \(tokens) classified"
    case .vectors: "\(sentences) lines, \(cosine.count) vectors"
    }
  }

  private func decimals(_ value: Double) -> String { String(format: "%.6f", value) }

  /// All numbers, for JSON.
  public var json: [String: Any] {
    func spread(_ name: String, _ distribution: Distribution) -> [String: Any] {
      let values = distribution.percentiles(Self.percents)
      return [
        "\(name)_mean": distribution.mean, "\(name)_rms": distribution.rootMeanSquare,
        "\(name)_median": values[0], "\(name)_p90": values[1], "\(name)_p99": values[2],
        "\(name)_p999": values[3], "\(name)_worst": distribution.worst,
      ]
    }
    var result: [String: Any] = [
      "sentences": sentences, "skipped": skipped, "tokens": tokens,
      "layers": layers.map { layer -> [String: Any] in
        // JSON has no infinity: an exact layer has no noise to speak of.
        let decibels = layer.similarity.decibels
        return [
          "name": layer.name, "sqnr_db": decibels.isFinite ? decibels as Any : NSNull(),
          "cosine": layer.similarity.cosine,
        ]
      },
    ]
    if cosine.count > 0 {
      result["cosine_mean"] = cosine.mean
      result["cosine_worst"] = cosine.least
      result["cosine_worst_line"] = farthest.line
    }
    guard tokens > 0 else { return result }
    result["same_top_percent"] = sameTopPercent
    result["kl_worst_line"] = worst.line
    result["kl_worst_token"] = worst.token
    if kind == .translations {
      result["identical_percent"] = identicalPercent
      result["identical"] = identical
    }
    if kind == .texts {
      result["perplexity"] = perplexity.int8
      result["perplexity_reference"] = perplexity.reference
    }
    for (name, distribution) in [
      ("kl", divergence), ("log_probability_error", logProbabilityError),
      ("probability_error", probabilityError),
    ] {
      result.merge(spread(name, distribution)) { $1 }
    }
    return result
  }
}

extension Report {
  mutating func add(_ comparison: TokenComparison, line: Int, token: Int, text: String) {
    tokens += 1
    if comparison.sameTop { sameTop += 1 }
    divergence.add(comparison.divergence)
    logProbabilityError.add(abs(comparison.logProbabilityError))
    probabilityError.add(abs(comparison.probabilityError))
    logProbability.reference += comparison.logProbability
    logProbability.int8 += comparison.logProbability + comparison.logProbabilityError
    if comparison.divergence > worst.divergence { worst = (line, token, text, comparison.divergence) }
  }

  /// Vectors of a text, the reference's and the model's.
  mutating func addVector(_ float: [Float], _ int8: [Float], line: Int, _ text: String) {
    var similarity = Similarity()
    similarity.add(float, int8)
    cosine.add(similarity.cosine)
    if similarity.cosine < farthest.cosine { farthest = (line, text, similarity.cosine) }
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
