import Foundation

/// What int8 cost on a text.
public struct Report: Sendable {
  /// Lines that were verified.
  public internal(set) var sentences = 0
  /// Lines that were not: empty, or longer than the model's limits.
  public internal(set) var skipped = 0
  /// Target tokens, teacher-forced on the float reference's greedy output.
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
  /// The encoder's layers, then the decoder's.
  public internal(set) var layers: [(name: String, similarity: Similarity)] = []

  /// Tokens with the same likeliest one, in %.
  public var sameTopPercent: Double { 100 * Double(sameTop) / Double(tokens) }
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
    var lines = [
      "\(sentences) lines, \(tokens) tokens, teacher-forced on the float reference's greedy translations"
        + (skipped > 0 ? "; \(skipped) lines skipped (empty or too long)" : ""),
      "KL divergence          mean \(number(divergence.mean))  \(spread(divergence))",
      "  worst at             line \(worst.line), token \(worst.token): \(worst.text)",
      "same top token         \(String(format: "%.2f", sameTopPercent)) %",
      "log-probability error  RMS \(number(logProbabilityError.rootMeanSquare))  \(spread(logProbabilityError))",
      "probability error      RMS \(number(probabilityError.rootMeanSquare))  \(spread(probabilityError))",
      "identical translations \(String(format: "%.1f", identicalPercent)) % (\(identical) of \(sentences))",
      "", "states after           SQNR dB    cosine",
    ]
    for layer in layers {
      let name = layer.name.padding(toLength: 22, withPad: " ", startingAt: 0)
      lines.append(name + String(format: "%8.2f  %.6f", layer.similarity.decibels, layer.similarity.cosine))
    }
    return lines.joined(separator: "\n") + "\n"
  }

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
      "sentences": sentences, "skipped": skipped, "tokens": tokens, "same_top_percent": sameTopPercent,
      "identical_percent": identicalPercent, "identical": identical, "kl_worst_line": worst.line,
      "kl_worst_token": worst.token,
      "layers": layers.map { layer -> [String: Any] in
        // JSON has no infinity: an exact layer has no noise to speak of.
        let decibels = layer.similarity.decibels
        return [
          "name": layer.name, "sqnr_db": decibels.isFinite ? decibels as Any : NSNull(),
          "cosine": layer.similarity.cosine,
        ]
      },
    ]
    for (name, distribution) in [
      ("kl", divergence), ("log_probability_error", logProbabilityError),
      ("probability_error", probabilityError),
    ] {
      result.merge(spread(name, distribution)) { $1 }
    }
    return result
  }
}
