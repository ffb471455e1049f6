import SwiftletModelFile

extension FloatModel {
  /// What the head of an encoder makes of its states (tokens × width): one row for each token without pooling, else
  /// one row; of classes' scores, of the vocabulary's scores, or of a vector.
  ///
  /// - Throws: `ReferenceError.empty` without states.
  public func head(_ states: [Float]) throws(ReferenceError) -> [[Float]] {
    guard !states.isEmpty else { throw .empty }
    let head = architecture.head
    let tokens = FloatMatrix(
      rows: states.count / architecture.width, columns: architecture.width, values: states)
    var result = pool(tokens, head.pooling)
    if head.hasProjection {
      result = tensors[.shared, .headProjection](result)
      for index in result.values.indices {
        result.values[index] = activate(result.values[index], head.activation)
      }
    }
    if head.predictsTokens {
      let norm = FloatNorm(
        kind: architecture.normKind, epsilon: Double(architecture.normEpsilon),
        parameters: tensors[.shared, .headNorm])
      result = logits(norm(result))
    }
    if head.isNormalized { normalize(&result) }
    if head.classes > 0 { result = tensors[.shared, .classifier](result) }
    return (0..<result.rows).map { result.row($0) }
  }

  private func pool(_ tokens: FloatMatrix, _ pooling: EncoderHead.Pooling) -> FloatMatrix {
    func column(_ index: Int) -> [Float] { (0..<tokens.rows).map { tokens.values[tokens.start($0) + index] } }
    let vector: [Float]
    switch pooling {
    case .none: return tokens
    case .first: vector = tokens.row(0)
    case .last: vector = tokens.row(tokens.rows - 1)
    case .maximum: vector = (0..<tokens.columns).map { column($0).max() ?? 0 }
    case .mean:
      vector = (0..<tokens.columns).map { index in
        Float(column(index).reduce(0) { $0 + Double($1) } / Double(tokens.rows))
      }
    }
    return FloatMatrix(rows: 1, columns: tokens.columns, values: vector)
  }

  /// Scales each row to length 1; zeros stay.
  private func normalize(_ matrix: inout FloatMatrix) {
    for row in 0..<matrix.rows {
      let range = matrix.start(row)..<matrix.start(row + 1)
      let length = range.reduce(0) { $0 + Double(matrix.values[$1]) * Double(matrix.values[$1]) }.squareRoot()
      for index in range where length > 0 {
        matrix.values[index] = Float(Double(matrix.values[index]) / length)
      }
    }
  }
}
