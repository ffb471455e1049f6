import Foundation
import SwiftletModelFile

/// The keys and values that queries look at: one row per token, all heads side by side.
struct FloatMemory: Sendable {
  var keys: FloatMatrix
  var values: FloatMatrix

  init(width: Int) {
    keys = FloatMatrix(rows: 0, columns: width)
    values = FloatMatrix(rows: 0, columns: width)
  }

  /// Adds the keys and values of tokens, which stand side by side in `both`.
  mutating func append(_ both: FloatMatrix, from column: Int, width: Int) {
    keys.append(both.columns(column..<column + width))
    values.append(both.columns(column + width..<column + 2 * width))
  }
}

/// Which keys a query sees, and what its place adds to their scores.
struct FloatVisibility: Sendable {
  /// Whether the queries are the memory's last tokens, and none looks at a later one.
  var isCausal = false
  /// How many tokens, itself included, a query looks back at; 0 for all.
  var window = 0
  /// For each head, biases of the distances −D … D from query to key.
  var biases: FloatTensor?

  /// The visible keys of a query at `place` among `count` keys.
  func range(_ place: Int, of count: Int) -> Range<Int> {
    let end = isCausal ? place + 1 : count
    return (window == 0 || !isCausal ? 0 : max(0, end - window))..<end
  }

  /// What is added to the score of a key that is `distance` tokens behind the query.
  func bias(head: Int, distance: Int) -> Float {
    guard let biases else { return 0 }
    let farthest = (biases.columns - 1) / 2
    return biases.values[head * biases.columns + farthest + min(farthest, max(-farthest, distance))]
  }
}

/// softmax(q · k · scale + bias) v of each head: rows × (heads · head width).
///
/// - Parameter queries: the columns of all heads.
func attention(
  _ queries: FloatMatrix, _ memory: FloatMemory, _ architecture: Architecture, _ visibility: FloatVisibility
) -> FloatMatrix {
  let size = architecture.headWidth
  let group = architecture.heads / architecture.keyValueHeads
  var mixed = FloatMatrix(rows: queries.rows, columns: architecture.attentionWidth)
  for row in 0..<queries.rows {
    let place = visibility.isCausal ? memory.keys.rows - queries.rows + row : row
    let visible = visibility.range(place, of: memory.keys.rows)
    for head in 0..<architecture.heads {
      let query = queries.start(row) + head * size
      var weights = scores(queries, query, memory.keys, column: head / group * size, size, visible)
      for (index, key) in visible.enumerated() {
        weights[index] =
          weights[index] * architecture.queryScale + visibility.bias(head: head, distance: key - place)
      }
      softmax(&weights)
      mix(
        weights, memory.values, column: head / group * size, size, visible, into: &mixed,
        at: mixed.start(row) + head * size)
    }
  }
  return mixed
}

/// The products of one query with the visible keys, of one head.
private func scores(
  _ queries: FloatMatrix, _ query: Int, _ keys: FloatMatrix, column: Int, _ size: Int, _ visible: Range<Int>
) -> [Float] {
  var scores = [Float](repeating: 0, count: visible.count)
  unsafe queries.values.withUnsafeBufferPointer { left in
    unsafe keys.values.withUnsafeBufferPointer { right in
      guard let left = left.baseAddress, let right = right.baseAddress else { return }
      for (index, place) in visible.enumerated() {
        scores[index] = unsafe dot(left + query, right + place * keys.columns + column, count: size)
      }
    }
  }
  return scores
}

/// Sums the values of one head by their weights.
private func mix(
  _ weights: [Float], _ values: FloatMatrix, column: Int, _ size: Int, _ visible: Range<Int>,
  into result: inout FloatMatrix, at target: Int
) {
  for (weight, place) in zip(weights, visible) {
    let source = values.start(place) + column
    for index in 0..<size { result.values[target + index] += weight * values.values[source + index] }
  }
}

/// Turns each of `heads` heads' first dimensions by angles that grow with the token's place: dimension i with
/// i + `frequencies.count`.
func rotate(
  _ states: inout FloatMatrix, from first: Int, heads: Range<Int>, size: Int, _ frequencies: [Float]
) {
  let half = frequencies.count
  for row in 0..<states.rows {
    for (index, frequency) in frequencies.enumerated() {
      let angle = Double(first + row) * Double(frequency)
      let (sine, cosine) = (Float(sin(angle)), Float(cos(angle)))
      for head in heads {
        let place = states.start(row) + head * size + index
        let (x, y) = (states.values[place], states.values[place + half])
        states.values[place] = x * cosine - y * sine
        states.values[place + half] = y * cosine + x * sine
      }
    }
  }
}

/// exp(x − max) / Σ, the sum in Double.
func softmax(_ values: inout [Float]) {
  let largest = values.max() ?? 0
  var sum = 0.0
  for index in values.indices {
    values[index] = expf(values[index] - largest)
    sum += Double(values[index])
  }
  for index in values.indices { values[index] = Float(Double(values[index]) / sum) }
}

/// x − log Σ exp x, computed in Double and rounded once.
///
/// - Parameter suppressed: indices that are left out of the sum, and get −∞.
func logSoftmax(_ values: some Collection<Float>, suppressed: [Int] = []) -> [Float] {
  var values = Array(values)
  for index in suppressed { values[index] = -.infinity }
  let largest = Double(values.max() ?? 0)
  var sum = 0.0
  for value in values { sum += Double(expf(Float(Double(value) - largest))) }
  let normaliser = largest + log(sum)
  return values.map { Float(Double($0) - normaliser) }
}

/// log Σ exp(x − offset), computed in Double and rounded once.
public func logSumOfExponentials(_ values: some Sequence<Float>, less offset: Float) -> Float {
  var sum = 0.0
  for value in values { sum += Double(expf(value - offset)) }
  return Float(log(sum))
}
