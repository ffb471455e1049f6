import SwiftletFamilies
import SwiftletModelFile
import SwiftletSources

/// Sees what projections are given, where somebody wants to know.
package protocol InputObserver: Sendable {
  /// Inputs of a projection: tokens × its columns.
  func saw(_ inputs: [Float], of tensor: TensorName)
}

/// The numbers of one runtime tensor.
struct FloatTensor: Sendable {
  let name: TensorName
  let observer: (any InputObserver)?
  let rows: Int
  let columns: Int
  /// Row after row.
  let values: [Float]
  /// A number for each row; none for no bias.
  let bias: [Float]

  init(
    _ tensor: Tensor, _ source: ImportedTensor, values: [Float], _ observer: (any InputObserver)?
  ) throws(SourceError) {
    name = tensor.name
    self.observer = observer
    rows = tensor.rows
    columns = tensor.columns
    self.values = values
    bias = try source.bias?.floats() ?? []
    precondition(values.count == rows * columns, "\(tensor.name) of \(values.count) numbers")
    precondition(bias.isEmpty || bias.count == rows, "\(tensor.name) with \(bias.count) biases")
  }
}

/// All tensors of a model. Those of the same numbers share an array: Swift copies it only when it is written.
struct FloatTensors: Sendable {
  private var tensors: [TensorName: FloatTensor] = [:]

  /// Reads all of them.
  ///
  /// - Throws: `SourceError.tensors` at the first NaN or infinity.
  init(_ model: ImportedModel, _ observer: (any InputObserver)?) throws(SourceError) {
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
      tensors[list[index].name] = try FloatTensor(list[index], source, values: values, observer)
    }
  }

  /// A tensor that the architecture has.
  subscript(stack: Stack, part: TensorPart, layer: Int = 0) -> FloatTensor {
    guard let tensor = tensors[TensorName(stack, layer: layer, part)] else {
      preconditionFailure("the architecture has no \(stack).\(layer).\(part.text)")
    }
    return tensor
  }
}
