import Foundation
import SwiftletSources

/// The keys and values that queries look at: one row per token, all heads side by side.
struct FloatMemory: Sendable {
  var keys: FloatMatrix
  var values: FloatMatrix

  init(width: Int) {
    keys = FloatMatrix(rows: 0, columns: width)
    values = FloatMatrix(rows: 0, columns: width)
  }
}

/// Multi-head attention.
struct FloatAttention: Sendable {
  let heads: Int
  let query: FloatLinear
  let key: FloatLinear
  let value: FloatLinear
  let output: FloatLinear

  init(_ tensors: AttentionTensors, heads: Int) throws(SourceError) {
    self.heads = heads
    query = try FloatLinear(tensors.query)
    key = try FloatLinear(tensors.key)
    value = try FloatLinear(tensors.value)
    output = try FloatLinear(tensors.output)
  }

  /// Adds the keys and values of tokens to a memory.
  func remember(_ tokens: FloatMatrix, in memory: inout FloatMemory) {
    memory.keys.append(key(tokens))
    memory.values.append(value(tokens))
  }

  /// Each token looks at a memory.
  ///
  /// - Parameter causal: the tokens are the memory's last ones, and none looks at a later one.
  func callAsFunction(_ tokens: FloatMatrix, _ memory: FloatMemory, causal: Bool) -> FloatMatrix {
    let queries = query(tokens)
    var mixed = FloatMatrix(rows: tokens.rows, columns: queries.columns)
    let size = queries.columns / heads
    for row in 0..<tokens.rows {
      let visible = causal ? memory.keys.rows - tokens.rows + row + 1 : memory.keys.rows
      for head in 0..<heads {
        let weights = weights(queries, row: row, memory.keys, from: head * size, size: size, visible: visible)
        mix(weights, memory.values, from: head * size, size: size, into: &mixed, row: row)
      }
    }
    return output(mixed)
  }

  /// Softmax of the scaled products of one query with the visible keys, of one head.
  private func weights(
    _ queries: FloatMatrix, row: Int, _ keys: FloatMatrix, from start: Int, size: Int, visible: Int
  ) -> [Float] {
    let scale = 1 / Float(size).squareRoot()
    var scores = [Float](repeating: 0, count: visible)
    queries.values.withUnsafeBufferPointer { query in
      keys.values.withUnsafeBufferPointer { key in
        guard let query = query.baseAddress, let key = key.baseAddress else { return }
        for place in 0..<visible {
          let (left, right) = (query + row * queries.columns + start, key + place * keys.columns + start)
          scores[place] = dot(left, right, count: size) * scale
        }
      }
    }
    softmax(&scores)
    return scores
  }

  /// Sums the values of one head by their weights.
  private func mix(
    _ weights: [Float], _ values: FloatMatrix, from start: Int, size: Int, into result: inout FloatMatrix,
    row: Int
  ) {
    let target = row * result.columns + start
    for (place, weight) in weights.enumerated() {
      let source = place * values.columns + start
      for index in 0..<size { result.values[target + index] += weight * values.values[source + index] }
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
