/// The probabilities of target tokens, given a source token: IBM model 1 (Brown and others, "The Mathematics of
/// Statistical Machine Translation", 1993), by expectation maximisation.
package struct TranslationTable {
  private let sourceVocabulary: Int
  private let targetVocabulary: Int
  /// For each source token, and behind them for the token that every source has, its target tokens and their
  /// probabilities.
  private var entries: [[(token: UInt32, probability: Float)]]
  private var frequencies: [Int]

  /// Estimates the table from pairs.
  ///
  /// - Complexity: O(Σ source · target tokens) each round, and as much memory.
  package init(_ pairs: borrowing TokenPairs, rounds: Int, progress: (Int) -> Void) {
    (sourceVocabulary, targetVocabulary) = (pairs.sourceVocabulary, pairs.targetVocabulary)
    frequencies = Array(repeating: 0, count: targetVocabulary)
    // Each pair of a source and a target token that stand in one sentence has a number; each place has that of its own.
    var numbers: [UInt64: Int32] = [:]
    var keys: [UInt64] = []
    var places: [Int32] = []
    var widths: [Int32] = []
    var start = 0
    for end in pairs.ends {
      let source = Set(pairs.tokens[start..<end.source]).union([UInt32(sourceVocabulary)])
      for target in pairs.tokens[end.source..<end.target] {
        frequencies[Int(target)] += 1
        for token in source {
          let key = UInt64(token) << 32 | UInt64(target)
          let number = numbers[key] ?? Int32(keys.count)
          if number == keys.count {
            numbers[key] = number
            keys.append(key)
          }
          places.append(number)
        }
        widths.append(Int32(source.count))
      }
      start = end.target
    }
    var probabilities = [Float](repeating: 1, count: keys.count)
    for round in 0..<rounds {
      progress(round)
      Self.estimate(&probabilities, keys, places, widths, sources: sourceVocabulary + 1)
    }
    entries = Array(repeating: [], count: sourceVocabulary + 1)
    for (key, probability) in zip(keys, probabilities) where probability > 1e-4 {
      entries[Int(key >> 32)].append((UInt32(truncatingIfNeeded: key), probability))
    }
    for source in entries.indices {
      entries[source].sort { ($1.probability, $0.token) < ($0.probability, $1.token) }
    }
  }

  /// Counts how often each source token made each target token, as the probabilities have it, and makes these counts the
  /// new probabilities.
  private static func estimate(
    _ probabilities: inout [Float], _ keys: [UInt64], _ places: [Int32], _ widths: [Int32], sources: Int
  ) {
    var counts = [Float](repeating: 0, count: keys.count)
    var start = 0
    for width in widths {
      let own = places[start..<start + Int(width)]
      start += Int(width)
      let sum = own.reduce(Float(0)) { $0 + probabilities[Int($1)] }
      guard sum > 0 else { continue }
      for place in own { counts[Int(place)] += probabilities[Int(place)] / sum }
    }
    var totals = [Float](repeating: 0, count: sources)
    for (key, count) in zip(keys, counts) { totals[Int(key >> 32)] += count }
    for (index, key) in keys.enumerated() {
      probabilities[index] = counts[index] / max(totals[Int(key >> 32)], .leastNormalMagnitude)
    }
  }

  /// The bytes of a lexical shortlist: see `Lexicon` for the layout.
  package func file(most: Int, common: Int) -> [UInt8] {
    var lists = entries.map { $0.prefix(most).map(\.token).sorted() }
    let frequent = frequencies.indices.sorted { (frequencies[$1], $0) < (frequencies[$0], $1) }.prefix(common)
    lists[sourceVocabulary] = Set(lists[sourceVocabulary] + frequent.map { UInt32($0) }).sorted()
    var words = [UInt32(sourceVocabulary), UInt32(targetVocabulary), 0]
    for list in lists { words.append(words[words.count - 1] + UInt32(list.count)) }
    words += lists.joined()
    return Array("swiftlex".utf8)
      + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
  }
}
