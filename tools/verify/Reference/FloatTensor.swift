import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources

/// The numbers of one runtime tensor.
package struct FloatTensor: Sendable {
  package let rows: Int
  package let columns: Int
  /// Row after row.
  package fileprivate(set) var values: [Float]
  /// A number for each row; none for no bias.
  package fileprivate(set) var bias: [Float]
  /// What a projection reads in place of its inputs: to look at them, or to change them.
  fileprivate(set) var lens: FloatLens?

  init(_ tensor: Tensor, _ source: ImportedTensor, values: [Float]) throws(SourceError) {
    rows = tensor.rows
    columns = tensor.columns
    self.values = values
    bias = try source.bias?.floats() ?? []
    precondition(values.count == rows * columns, "\(tensor.name) of \(values.count) numbers")
    precondition(bias.isEmpty || bias.count == rows, "\(tensor.name) with \(bias.count) biases")
  }
}

/// Gets a projection's inputs (a row for each token), and gives what the projection is to read in their place.
package typealias FloatLens = @Sendable (FloatMatrix) -> FloatMatrix

/// All tensors of a model. Those of the same numbers share an array: Swift copies it only when it is written.
struct FloatTensors: Sendable {
  private var tensors: [TensorName: FloatTensor] = [:]

  /// Reads all of them.
  ///
  /// - Throws: `SourceError.tensors` at the first NaN or infinity.
  init(_ model: ImportedModel) throws(SourceError) {
    var arrays: [String: [Float]] = [:]
    let list = TensorList(model.architecture)
    for index in 0..<list.count {
      let source = model.tensor(list[index].name)
      let values: [Float]
      if let name = source.rows.identity, let known = arrays[name] {
        values = known
      } else {
        values = try source.rows.floats()
        source.rows.release()
        if let name = source.rows.identity { arrays[name] = values }
      }
      tensors[list[index].name] = try FloatTensor(list[index], source, values: values)
    }
  }

  /// Changes a tensor that the architecture has.
  mutating func change(
    _ name: TensorName, weights: [Float]? = nil, biasGain: [Float]? = nil, lens: FloatLens? = nil
  ) {
    guard var tensor = tensors[name] else { preconditionFailure("the architecture has no such tensor") }
    if let weights {
      precondition(weights.count == tensor.values.count, "\(weights.count) weights")
      tensor.values = weights
    }
    if let biasGain {
      tensor.bias = tensor.bias.isEmpty ? biasGain : zip(tensor.bias, biasGain).map { $0 + $1 }
    }
    tensor.lens = lens
    tensors[name] = tensor
  }

  /// A tensor that the architecture has.
  subscript(stack: Stack, part: TensorPart, layer: Int = 0) -> FloatTensor {
    guard let tensor = tensors[TensorName(stack, layer: layer, part)] else {
      preconditionFailure("the architecture has no \(stack).\(layer).\(part.text)")
    }
    return tensor
  }
}
