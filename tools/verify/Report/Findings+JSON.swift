import Foundation
import SwiftletVerification

extension Findings {
  /// All numbers, for JSON.
  public func json(_ verdict: Verdict) -> [String: Any] {
    var result = report.json
    result["model"] = path
    result["passed"] = verdict.passes
    result["checks"] = verdict.checks.map { check -> [String: Any] in
      [
        "name": check.name, "title": check.title, "value": check.value, "limit": check.limit,
        "passed": check.passes, "offenders": check.passes ? [] : check.offenders,
      ]
    }
    result["tensors"] = tensors.map(\.json)
    result["sizes"] = [
      "file": facts.fileBytes, "weights": facts.weightBytes, "tokenizer": facts.tokenizerBytes,
      "float32_weights": facts.floatBytes, "arena": facts.arenaBytes,
    ]
    result["arena"] = [
      "max_source": facts.longestSource, "max_target": facts.longestTarget,
      "parts": facts.parts.map { part -> [String: Any] in
        ["name": part.name, "offset": part.offset, "bytes": part.bytes, "phases": part.phases]
      },
    ]
    if !sensitivity.isEmpty {
      result["sensitivity"] = sensitivity.map { entry -> [String: Any] in
        ["name": entry.name, "quantised": entry.what.rawValue, "cost": number(entry.cost)]
      }
    }
    return result
  }
}

extension TensorFinding {
  fileprivate var json: [String: Any] {
    var result: [String: Any] = [
      "name": name, "rows": rows, "columns": columns, "weight_sqnr_db": number(weightDecibels),
      "output_sqnr_db": number(outputDecibels), "output_cosine": number(outputCosine), "gain": number(gain),
      "gain_error": number(gainError), "over_rounding_db": number(excess), "rows_off": rowsOff,
      "biases_off": biasesOff, "rescaled": isRescaled, "weights": weights.json,
    ]
    if let part { result["part"] = part }
    if let roundingDecibels { result["rounding_sqnr_db"] = number(roundingDecibels) }
    if let inputs { result["inputs"] = inputs.json }
    return result
  }
}

extension ValueRange {
  fileprivate var json: [String: Any] {
    ["least": number(least), "most": number(most), "p999_magnitude": number(usual)]
  }
}

/// Everything that was found, as JSON: of one model an object, of several an object with a list of them.
public func jsonReport(_ findings: [(Findings, Verdict)]) throws -> String {
  let models = findings.map { $0.json($1) }
  let value: [String: Any] = models.count == 1 ? models[0] : ["models": models]
  let data = try JSONSerialization.data(withJSONObject: value, options: [.prettyPrinted, .sortedKeys])
  return String(decoding: data, as: UTF8.self) + "\n"
}
