/// Which words of two texts are not in both, by their longest common subsequence.
///
/// - Returns: both texts as HTML, where such words are marked.
/// - Complexity: O(words of one · words of the other).
func markedDifference(_ one: String, _ other: String) -> (String, String) {
  let (a, b) = (one.split(separator: " "), other.split(separator: " "))
  // common[i][j]: how many words the rests from i and from j have in common.
  var common = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
  for i in a.indices.reversed() {
    for j in b.indices.reversed() {
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : max(common[i + 1][j], common[i][j + 1])
    }
  }
  var (left, right): ([String], [String]) = ([], [])
  var (i, j) = (0, 0)
  func mark(_ word: Substring) -> String { element("mark", [:], escaped(String(word))) }
  while i < a.count || j < b.count {
    if i < a.count, j < b.count, a[i] == b[j] {
      left.append(escaped(String(a[i])))
      right.append(escaped(String(b[j])))
      (i, j) = (i + 1, j + 1)
    } else if j == b.count || (i < a.count && common[i + 1][j] >= common[i][j + 1]) {
      left.append(mark(a[i]))
      i += 1
    } else {
      right.append(mark(b[j]))
      j += 1
    }
  }
  return (left.joined(separator: " "), right.joined(separator: " "))
}
