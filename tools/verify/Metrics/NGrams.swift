/// Numbers the n-grams of sequences, the same ones alike, so that sequences can be compared by counts.
///
/// An n-gram is numbered as the (n − 1)-gram before its last symbol, and that symbol: no n-gram is stored.
struct NGrams {
  private var numbers: [Key: Int] = [:]

  private struct Key: Hashable {
    let prefix: Int
    let symbol: Int
  }

  /// How often each n-gram of 1, 2, … `order` symbols is in a sequence; by number, an element for each n.
  ///
  /// - Complexity: O(count · order).
  mutating func counts(_ symbols: [Int], order: Int) -> [[Int: Int]] {
    var result = [[Int: Int]](repeating: [:], count: order)
    var open = [Int](repeating: 0, count: symbols.count)
    for length in 1...order where length <= symbols.count {
      for start in 0...symbols.count - length {
        let key = Key(prefix: open[start], symbol: symbols[start + length - 1])
        // Number 0 is the empty sequence.
        let number = numbers[key] ?? numbers.count + 1
        numbers[key] = number
        open[start] = number
        result[length - 1][number, default: 0] += 1
      }
    }
    return result
  }
}
