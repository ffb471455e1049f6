import Foundation

/// A number with a fixed count of decimals.
func decimal(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

extension Report {
  /// What the figures belong to.
  var headText: String {
    """
    \(machine.processor); one core; built by \(machine.compiler); kernels: \(machine.kernels.joined(separator: ", "))
    \(model.path): \(model.bytes) bytes, checksum \(model.checksum), \(model.bytesPerToken) bytes read per decoded token

    """
  }
}

extension [TranslationResult] {
  var text: String {
    var table = TextTable([
      "kernels", "sentences", "tokens in", "out", "ms/sentence", "tokens/s", "with tokenizer: ms", "tokens/s",
      "peak RSS",
      "digest",
    ])
    for result in self {
      table.add([
        result.kernel, "\(result.sentences)", "\(result.sourceTokens)", "\(result.targetTokens)",
        decimal(result.millisecondsPerSentence, 3), decimal(result.tokensPerSecond, 0),
        decimal(result.millisecondsPerSentenceWithTokenizer, 3),
        decimal(result.tokensPerSecondWithTokenizer, 0),
        decimal(Double(result.peakResidentBytes) / 1e6, 1) + " MB",
        result.digest + (result.digest == result.expectedDigest ? "" : ", EXPECTED \(result.expectedDigest)"),
      ])
    }
    return "\nTranslations, one sentence at a time, greedy\n" + table.text
  }
}

extension [Bandwidth] {
  var text: String {
    var table = TextTable(["working set", "GB/s"])
    for result in self {
      table.add([decimal(Double(result.workingSet) / 1e6, 2) + " MB", decimal(result.gigabytesPerSecond, 1)])
    }
    return "\nThe roof: reading memory again and again\n" + table.text
  }
}

extension [ProductResult] {
  /// A row for each shape and scheme; for each set, GB/s of weights for the least tokens, Gop/s for the most.
  var text: String {
    let kernels = Array<String>(reduce(into: []) { if !$0.contains($1.kernel) { $0.append($1.kernel) } })
    var table = TextTable(["rows × columns, group"] + kernels.flatMap { ["\($0): GB/s", "Gop/s"] })
    for (rows, columns) in ProductBenchmark.shapes {
      for group in ProductBenchmark.groups {
        let results = filter { $0.rows == rows && $0.columns == columns && $0.group == group }
        var row = ["\(rows) × \(columns), \(group == 0 ? "row" : "\(group)")"]
        for kernel in kernels {
          let times = results.filter { $0.kernel == kernel }
          row += [
            decimal(times.first?.gigabytesPerSecond ?? 0, 1),
            decimal(times.last?.gigaoperationsPerSecond ?? 0, 1),
          ]
        }
        table.add(row)
      }
    }
    let counts = ProductBenchmark.tokenCounts
    return "\nProducts: GB/s of weights for \(counts[0]) token, Gop/s for \(counts[counts.count - 1])\n"
      + table.text
  }
}

extension [EncodingResult] {
  var text: String {
    var table = TextTable(["source tokens", "encode, ms"])
    for result in self { table.add(["\(result.sourceTokens)", decimal(result.milliseconds, 3)]) }
    return "\nEncoding\n" + table.text
  }
}

extension [DecodingResult] {
  var text: String {
    var table = TextTable(["target tokens", "ms/token", "tokens/s", "of the roof"])
    for result in self {
      table.add([
        "\(result.targetTokens)", decimal(result.millisecondsPerToken, 4), decimal(result.tokensPerSecond, 0),
        result.percentOfRoof.map { decimal($0, 0) + " %" } ?? "",
      ])
    }
    return "\nDecoding, greedy, from \(first?.sourceTokens ?? 0) source tokens\n" + table.text
  }
}
