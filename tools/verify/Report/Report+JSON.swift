import Foundation
import SwiftletMetrics
import SwiftletVerification

extension Report {
  /// All numbers of the comparison, for JSON: what has no finite value is null.
  public var json: [String: Any] {
    var result: [String: Any] = [
      "kind": kind.rawValue, "sentences": sentences, "skipped": skipped, "tokens": tokens,
      "layers": layers.map { layer -> [String: Any] in
        [
          "name": layer.name, "sqnr_db": number(layer.similarity.decibels),
          "cosine": number(layer.similarity.cosine),
        ]
      },
    ]
    if cosine.count > 0 { result.merge(cosineJSON) { $1 } }
    if perplexity.count > 0 {
      result["perplexity"] = number(perplexity.perplexity)
      result["perplexity_reference"] = number(perplexity.referencePerplexity)
      result["perplexity_ratio"] = number(perplexity.ratio)
      result["perplexity_ratio_error"] = number(perplexity.standardError)
      result["perplexity_tokens"] = perplexity.count
    }
    if reliability.count > 0 {
      result["calibration"] = calibration(reliability)
      result["calibration_reference"] = calibration(referenceReliability)
    }
    guard tokens > 0 else { return result }
    result["same_top_percent"] = sameTopPercent
    result["kl_worst_line"] = worst.line
    result["kl_worst_token"] = worst.token
    result["kl_worst_text"] = worst.text
    if kind == .translations { result.merge(translationJSON) { $1 } }
    for (name, distribution) in [
      ("kl", divergence), ("log_probability_error", logProbabilityError),
      ("probability_error", probabilityError),
    ] {
      result.merge(spread(name, distribution)) { $1 }
    }
    result["worst_lines"] = worstLines.map(\.json)
    return result
  }

  private func spread(_ name: String, _ distribution: Distribution) -> [String: Any] {
    let values = distribution.percentiles(Self.percents).map(number)
    return [
      "\(name)_mean": number(distribution.mean), "\(name)_rms": number(distribution.rootMeanSquare),
      "\(name)_median": values[0], "\(name)_p90": values[1], "\(name)_p99": values[2],
      "\(name)_p999": values[3], "\(name)_worst": number(distribution.worst),
    ]
  }

  private var cosineJSON: [String: Any] {
    var result: [String: Any] = [
      "cosine_mean": number(cosine.mean), "cosine_worst": number(cosine.least),
      "cosine_median": number(cosine.percentiles([50])[0]), "cosine_worst_line": farthest[0].place.line,
      "cosine_worst_text": farthest[0].place.text,
    ]
    if pairs.model.count > 1 {
      result["pairs"] = pairs.model.count
      result["rank_correlation"] = number(pairs.rankCorrelation)
    }
    return result
  }

  private var translationJSON: [String: Any] {
    var result: [String: Any] = ["identical_percent": identicalPercent, "identical": identical]
    if translations.lines > 0 {
      result["lines_with_references"] = translations.lines
      result["bleu"] = translations.bleu.score
      result["bleu_reference"] = translations.referenceBLEU.score
      result["chrf"] = translations.chrF.score
      result["chrf_reference"] = translations.referenceChrF.score
    }
    return result
  }

  private func calibration(_ reliability: Reliability) -> [String: Any] {
    [
      "expected_error": number(reliability.expectedError), "accuracy": number(reliability.accuracy),
      "bins": reliability.bins.map { bin -> [String: Any] in
        [
          "count": bin.count, "confidence": number(bin.meanConfidence), "accuracy": number(bin.accuracy),
        ]
      },
    ]
  }
}

extension WorstLine {
  fileprivate var json: [String: Any] {
    var result: [String: Any] = [
      "line": place.line, "token": place.token, "text": place.text, "kl": number(divergence),
      "piece": piece,
      "float": ["piece": reference.piece, "probability": number(reference.probability)],
      "int8": ["piece": model.piece, "probability": number(model.probability)],
    ]
    if let referenceText, let modelText {
      result["float_translation"] = referenceText
      result["int8_translation"] = modelText
    }
    return result
  }
}

/// A number for JSON, which has neither infinity nor NaN.
func number(_ value: Double) -> Any { value.isFinite ? value as Any : NSNull() }
