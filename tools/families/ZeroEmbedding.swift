import SwiftletModelFile
import SwiftletSources

extension ImportedModel {
  /// Gives the target one more token, whose embedding is zero and which is never chosen: decoding starts from it.
  ///
  /// So CTranslate2 keeps Marian's models, which start from padding, without a token for it.
  mutating func startFromZero() {
    let id = architecture.targetVocabulary
    let shared = architecture.sharesEmbeddings
    architecture.targetVocabulary += 1
    if shared { architecture.sourceVocabulary += 1 }
    let name = TensorName(.shared, shared ? .sourceEmbedding : .targetEmbedding)
    let zero = ZeroRows(rowCount: 1, length: architecture.width)
    tensors[name] = ImportedTensor(StackedRows(parts: [tensor(name).rows, zero]))
    let output = tensor(TensorName(.shared, .output))
    // Its score is so low that no sum of probabilities notices it.
    let bias: any RowSource = output.bias ?? ZeroRows(rowCount: id, length: 1)
    tensors[TensorName(.shared, .output)] = ImportedTensor(
      StackedRows(parts: [output.rows, zero]), bias: StackedRows(parts: [bias, ComputedRows([-10_000])]))
    decoding.startToken = id
    decoding.suppressedTokens.append(id)
    tokens?.extend(to: id, shared: shared)
  }
}

extension TokenLists {
  /// Puts `<pad>` at `id` of the target's list, and of the source's where that is the same.
  fileprivate mutating func extend(to id: Int, shared: Bool) {
    if target.count == id { target.append("<pad>") }
    if shared, source.count == id { source.append("<pad>") }
  }
}

/// Zeros.
private struct ZeroRows: RowSource {
  let rowCount: Int
  let length: Int

  var identity: String? { "\(rowCount) × \(length) zeros" }
  func floats(rows: Range<Int>) -> [Float] { [Float](repeating: 0, count: rows.count * length) }
  func quantized(rows: Range<Int>) -> QuantizedRows? {
    QuantizedRows(
      values: [Int8](repeating: 0, count: rows.count * length),
      scales: [Float](repeating: 0, count: rows.count))
  }
  func release() {}
}
