/// chrF2 of a corpus (Popović, 2015): the F-score, recall weighing twice as much, of 1- to 6-grams of characters.
///
/// By sacrebleu's definitions, `nrefs:var|case:mixed|eff:yes|nc:6|nw:0|space:no`: white space does not count, of several
/// references the one with the best score does.
public struct ChrF: Codable, Equatable, Sendable {
  private static let order = 6
  /// For each order: n-grams of the hypotheses, of the references, and matches.
  private var statistics = [Int](repeating: 0, count: 3 * Self.order)

  /// Of no sentences yet.
  public init() {}

  /// Adds a sentence with one reference or more.
  public mutating func add(_ hypothesis: String, _ references: [String]) {
    var ngrams = NGrams()
    let own = ngrams.counts(Self.characters(hypothesis), order: Self.order)
    var best: (score: Double, statistics: [Int]) = (-1, [])
    for reference in references {
      let counts = ngrams.counts(Self.characters(reference), order: Self.order)
      let matches = Self.matches(own, counts)
      let score = Self.score(matches)
      if score > best.score { best = (score, matches) }
    }
    for (index, value) in best.statistics.enumerated() { statistics[index] += value }
  }

  private static func characters(_ text: String) -> [Int] {
    text.unicodeScalars.filter { !Tokenizer13a.isSpace($0) }.map { Int($0.value) }
  }

  private static func matches(_ own: [[Int: Int]], _ others: [[Int: Int]]) -> [Int] {
    var result: [Int] = []
    for (mine, other) in zip(own, others) {
      let common = mine.reduce(0) { $0 + min($1.value, other[$1.key] ?? 0) }
      result += [
        other.isEmpty ? 0 : mine.values.reduce(0, +), other.values.reduce(0, +), common,
      ]
    }
    return result
  }

  /// From 0 to 100.
  public var score: Double { Self.score(statistics) }

  /// The F-score of the mean precision and recall of the orders that both sides have.
  private static func score(_ statistics: [Int]) -> Double {
    var (precision, recall, orders) = (0.0, 0.0, 0.0)
    for order in 0..<Self.order {
      let (own, other) = (statistics[3 * order], statistics[3 * order + 1])
      guard own > 0, other > 0 else { continue }
      precision += Double(statistics[3 * order + 2]) / Double(own)
      recall += Double(statistics[3 * order + 2]) / Double(other)
      orders += 1
    }
    guard precision + recall > 0 else { return 0 }
    return 100 * 5 * precision * recall / (orders * (4 * precision + recall))
  }
}
