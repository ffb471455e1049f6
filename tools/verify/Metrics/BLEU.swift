import Foundation

/// BLEU of a corpus (Papineni and others, 2002): the geometric mean of the precisions of 1- to 4-grams, times a penalty
/// for brevity.
///
/// By sacrebleu's definitions, `nrefs:var|case:mixed|eff:no|tok:13a|smooth:exp`: an n-gram counts as often as it is in
/// the reference that has it most often, the nearest reference's length counts (of two, the shorter), and precisions
/// without a match are halved, quartered … 1-counts.
public struct BLEU: Codable, Equatable, Sendable {
  private var correct = [Int](repeating: 0, count: 4)
  private var total = [Int](repeating: 0, count: 4)
  private var length = 0
  private var referenceLength = 0

  /// Of no sentences yet.
  public init() {}

  /// Adds a sentence with one reference or more.
  public mutating func add(_ hypothesis: String, _ references: [String]) {
    var words: [String: Int] = [:]
    func numbers(_ text: String) -> [Int] {
      Tokenizer13a.words(text).map { word in
        let number = words[word] ?? words.count
        words[word] = number
        return number
      }
    }
    let (own, others) = (numbers(hypothesis), references.map(numbers))
    var ngrams = NGrams()
    let counts = ngrams.counts(own, order: 4)
    let referenceCounts = others.map { ngrams.counts($0, order: 4) }
    for order in 0..<4 {
      for (ngram, count) in counts[order] {
        total[order] += count
        correct[order] += min(count, referenceCounts.map { $0[order][ngram] ?? 0 }.max() ?? 0)
      }
    }
    length += own.count
    let lengths = others.map(\.count)
    referenceLength +=
      lengths.min { (abs(own.count - $0), $0) < (abs(own.count - $1), $1) } ?? 0
  }

  /// Whether there are translations of four words: without any the score is 0, whatever they are.
  public var hasFourGrams: Bool { total[3] > 0 }

  /// From 0 to 100.
  public var score: Double {
    guard correct.contains(where: { $0 > 0 }) else { return 0 }
    let penalty = length < referenceLength ? exp(1 - Double(referenceLength) / Double(length)) : 1
    var halving = 1.0
    var logarithms = 0.0
    for order in 0..<4 {
      // A corpus without any 4-gram has no precision of them: its logarithm is a very small number.
      guard total[order] > 0 else { return 0 }
      if correct[order] == 0 { halving *= 2 }
      let matches = correct[order] == 0 ? 1 / halving : Double(correct[order])
      logarithms += log(100 * matches / Double(total[order]))
    }
    return penalty * exp(logarithms / 4)
  }
}
