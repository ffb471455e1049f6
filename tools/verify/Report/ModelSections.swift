import SwiftletMetrics
import SwiftletVerification

/// The chapters of one model, each with a chart and its numbers.
struct ModelSections {
  let findings: Findings
  let verdict: Verdict
  let limits: VerdictLimits
  /// What tells the chapters' names from another model's.
  let prefix: String

  /// All chapters that the model has something for.
  var html: String {
    let charts = [layers, divergences, calibration, pairs, sizes, gains, ranges, memory, sensitivity]
    return element("div", ["class": "grid"], charts.filter { !$0.isEmpty }.joined(separator: "\n")) + "\n"
      + lines + tensors
  }

  private var report: Report { findings.report }

  /// A chapter: what its chart shows in words, the chart, and its numbers behind a summary.
  private func chapter(
    _ name: String, _ title: String, _ text: String, _ chart: String, _ summary: String = "Numbers",
    numbers: String
  ) -> String {
    section("\(prefix)-\(name)", title, paragraph(text) + chart + details(summary, numbers))
  }

  private var layers: String {
    let chart = LayerChart(layers: report.layers)
    return chapter(
      "layers", "Error by layer",
      "How far the states after each layer are from the float model's. Errors add up from layer to layer; a step down points at a layer.",
      chart.svg("\(prefix)-layer-chart"), numbers: chart.table)
  }

  private var divergences: String {
    if report.cosine.count > 0 { return distances }
    let chart = Histogram(
      report.divergence, limit: limits.divergence,
      Histogram.Names(items: "tokens", error: "KL divergence", axis: "KL divergence of a token, in nats"))
    let rows = [
      ("KL divergence", report.divergence, report.divergence.mean),
      ("log-probability error", report.logProbabilityError, report.logProbabilityError.rootMeanSquare),
      ("probability error", report.probabilityError, report.probabilityError.rootMeanSquare),
    ].map { name, values, mean in
      [name, scientific(mean)] + values.percentiles(Report.percents).map(scientific) + [
        scientific(values.worst)
      ]
    }
    return chapter(
      "kl", "Distribution of the error",
      "The Kullback-Leibler divergence of int8's distribution over the vocabulary from the float model's, at each token.",
      chart.svg("\(prefix)-kl-chart"),
      numbers: table(
        "Mean (RMS of errors) and percentiles",
        ["", "mean, RMS", "median", "90 %", "99 %", "99.9 %", "worst"], rows) + chart.table)
  }

  private var distances: String {
    var distances = Distribution()
    for cosine in report.cosine.values { distances.add(max(0, 1 - cosine)) }
    let chart = Histogram(
      distances, limit: 1 - limits.cosine,
      Histogram.Names(items: "vectors", error: "distance", axis: "distance of a vector: 1 − cosine"))
    return chapter(
      "kl", "Distribution of the error",
      "How far int8's vectors are from the float model's: 1 − the cosine of both.",
      chart.svg("\(prefix)-kl-chart"), numbers: chart.table)
  }

  private var calibration: String {
    guard report.reliability.count > 0 else { return "" }
    let chart = ReliabilityChart(reference: report.referenceReliability, model: report.reliability)
    let text = report.kind == .translations ? "first reference" : "text"
    return chapter(
      "calibration", "Calibration of confidences",
      "Both models read the \(text). Both lines should agree; on the dashed one, a model is right as often as it expects.",
      chart.svg("\(prefix)-calibration-chart"), numbers: chart.table)
  }

  private var pairs: String {
    guard report.pairs.model.count > 1 else { return "" }
    let chart = PairChart(pairs: report.pairs)
    return chapter(
      "pairs", "Pairs of texts",
      "How alike two texts are to both models. What a search ranks by stays the same if all points lie on the line.",
      chart.svg("\(prefix)-pair-chart"), numbers: chart.table)
  }

  private var gains: String {
    section(
      "\(prefix)-gains", "Gains of tensors",
      paragraph(
        "How much larger each tensor's outputs are than the float model's, on inputs from the text. A tensor whose scales are wrong stands beside the grey bar."
      )
        + GainChart(findings.tensors, limit: limits.gain).svg("\(prefix)-gain-chart"))
  }

  private var ranges: String {
    let chart = RangeChart(findings.tensors)
    return chapter(
      "ranges", "Ranges of weights and activations",
      "A group's scale must cover its largest number. A long line behind a bar is an outlier, which costs the others precision.",
      chart.svg("\(prefix)-range-chart"), "Numbers of all tensors", numbers: chart.table)
  }

  private var sensitivity: String {
    guard !findings.sensitivity.isEmpty else { return "" }
    let unit = report.kind == .vectors ? "1 − cosine" : "mean KL divergence"
    let bars = findings.sensitivity.prefix(12).map { entry in
      BarList.Bar(
        name: "\(entry.name), \(entry.what.rawValue)", value: entry.cost, text: scientific(entry.cost),
        style: entry.what == .weights ? "int8" : "float")
    }
    let chart = BarList(
      title: "What costs most",
      description:
        "The \(unit) when only one tensor's weights or inputs are int8; the first is \(bars[0].name).",
      bars: Array(bars))
    let rows = findings.sensitivity.map { [$0.name, $0.what.rawValue, scientific($0.cost)] }
    return chapter(
      "sensitivity", "What costs most",
      "The float model with one tensor's weights (blue) or inputs (grey) as int8, and nothing else: \(unit).",
      chart.svg("\(prefix)-sensitivity-chart"), "Numbers of all tensors",
      numbers: table("Cost of each tensor alone", ["tensor", "int8", unit], rows, texts: [1]))
  }

  private var memory: String {
    let chart = MemoryChart(facts: findings.facts)
    let target = findings.facts.longestTarget > 0 ? " and targets up to \(findings.facts.longestTarget)" : ""
    return chapter(
      "memory", "The arena's memory map",
      "For texts up to \(findings.facts.longestSource) tokens\(target): which bytes each part has, and when. Parts that are never in use together share bytes.",
      chart.svg("\(prefix)-memory-chart"), "Numbers of all parts", numbers: chart.table)
  }

  private var sizes: String {
    let facts = findings.facts
    let rest = facts.fileBytes - facts.weightBytes - facts.tokenizerBytes
    let rows = [
      ("float32 weights, for comparison", facts.floatBytes, "float"),
      ("the file, with tokenizer", facts.fileBytes, "int8"),
      ("of that: int8 weights and scales", facts.weightBytes, "int8"),
      ("of that: tokenizer", facts.tokenizerBytes, "int8"),
      ("of that: header, tables, padding", rest, "int8"),
      ("arena of a run", facts.arenaBytes, "int8"),
    ]
    let chart = BarList(
      title: "Sizes",
      description:
        "Float32 weights take \(grouped(facts.floatBytes)) bytes, the file \(grouped(facts.fileBytes)), the arena \(grouped(facts.arenaBytes)).",
      bars: rows.map { BarList.Bar(name: $0.0, value: Double($0.1), text: bytes($0.1), style: $0.2) })
    return section(
      "\(prefix)-sizes", "Sizes",
      chart.svg("\(prefix)-size-chart")
        + details("Numbers", table("Sizes in bytes", ["what", "bytes"], rows.map { [$0.0, grouped($0.1)] })))
  }

  private var lines: String {
    if !report.farthest.isEmpty {
      let rows = report.farthest.map { ["\($0.place.line)", fixed($0.cosine, 6), $0.place.text] }
      return section(
        "\(prefix)-lines", "Worst lines",
        table("The lines whose vectors are farthest", ["line", "cosine", "text"], rows, texts: [2]))
    }
    guard !report.worstLines.isEmpty else { return "" }
    return section(
      "\(prefix)-lines", "Worst lines",
      paragraph(
        "The lines with the largest divergence at one token. Words that only one translation has are marked.")
        + worstLines(report.worstLines))
  }

  private var tensors: String {
    let list = findings.tensors.filter { $0.roundingDecibels != nil }
    let rows = list.map { tensor in
      [
        (tensor.fails(limits) ? "✗ " : "") + tensor.title, "\(tensor.rows) × \(tensor.columns)",
        fixed(tensor.weightDecibels, 1), fixed(tensor.roundingDecibels ?? .nan, 1),
        fixed(tensor.outputDecibels, 1),
        fixed(tensor.outputCosine, 6), fixed(tensor.excess, 2), fixed(tensor.gain, 5), "\(tensor.rowsOff)",
        "\(tensor.biasesOff)",
      ]
    }
    let rescaled =
      list.contains(where: \.isRescaled)
      ? paragraph(
        "Some channels were rescaled against a neighbouring tensor. Outputs are compared without those factors, where they cancel; the weights' SQNR has them."
      )
      : ""
    return section(
      "\(prefix)-tensors", "Every int8 tensor",
      paragraph(
        "SQNR of the weights, what rounding to the file's scales makes it in the mean, and SQNR and cosine of the outputs on inputs from the text (of tables that are looked up, of their rows). “Over rounding” is the outputs' error against what rounding alone explains; a row is off if its own gain is wrong beyond chance, and a bias if it is not the reference's, less what shifted inputs give."
      )
        + rescaled
        + table(
          "Tensors against the float model's",
          [
            "tensor", "shape", "weights, dB", "rounding, dB", "outputs, dB", "cosine", "over rounding, dB",
            "gain", "rows off", "biases off",
          ],
          rows, marked: Set(list.indices.filter { list[$0].fails(limits) })))
  }
}
