import Foundation
import SwiftletSources

/// A matrix and its bias: y = W · x + b.
struct FloatLinear: Sendable {
  let outputs: Int
  /// outputs × inputs
  let weight: [Float]
  let bias: [Float]

  init(_ tensors: LinearTensors) throws(SourceError) {
    outputs = tensors.bias.count
    weight = try tensors.weight.finiteFloats()
    bias = try tensors.bias.finiteFloats()
  }

  func callAsFunction(_ inputs: FloatMatrix) -> FloatMatrix {
    var result = product(inputs, weight, outputs: outputs)
    for row in 0..<result.rows {
      for column in 0..<outputs { result.values[row * outputs + column] += bias[column] }
    }
    return result
  }
}

/// LayerNorm with the ε of PyTorch, 1e-5; mean and variance are summed in Double.
struct FloatNorm: Sendable {
  let weight: [Float]
  let bias: [Float]

  init(_ tensors: NormTensors) throws(SourceError) {
    weight = try tensors.weight.finiteFloats()
    bias = try tensors.bias.finiteFloats()
  }

  func callAsFunction(_ inputs: FloatMatrix) -> FloatMatrix {
    var result = inputs
    let width = inputs.columns
    for row in 0..<inputs.rows {
      let range = row * width..<(row + 1) * width
      var sum = 0.0
      for index in range { sum += Double(inputs.values[index]) }
      let mean = sum / Double(width)
      var squares = 0.0
      for index in range {
        let centred = Double(inputs.values[index]) - mean
        squares += centred * centred
      }
      let scale = 1 / (squares / Double(width) + 1e-5).squareRoot()
      for (column, index) in range.enumerated() {
        let centred = Float((Double(inputs.values[index]) - mean) * scale)
        result.values[index] = centred * weight[column] + bias[column]
      }
    }
    return result
  }
}

/// Two products with a function between them.
struct FloatFeedForward: Sendable {
  let expand: FloatLinear
  let contract: FloatLinear
  let activation: SourceActivation

  init(_ tensors: FeedForwardTensors, _ activation: SourceActivation) throws(SourceError) {
    expand = try FloatLinear(tensors.expand)
    contract = try FloatLinear(tensors.contract)
    self.activation = activation
  }

  func callAsFunction(_ inputs: FloatMatrix) -> FloatMatrix {
    var inner = expand(inputs)
    for index in inner.values.indices {
      let value = inner.values[index]
      inner.values[index] =
        switch activation {
        case .relu: max(value, 0)
        case .swish: value / (1 + expf(-value))
        }
    }
    return contract(inner)
  }
}

/// A block with its residual: normalised before the block, or after the sum.
func residual(
  _ inputs: FloatMatrix, _ norm: FloatNorm, before: Bool, _ block: (FloatMatrix) -> FloatMatrix
) -> FloatMatrix {
  before ? inputs + block(norm(inputs)) : norm(inputs + block(inputs))
}

extension SourceTensor {
  /// All numbers, none of which may be NaN or infinite; their pages are given back.
  func finiteFloats() throws(SourceError) -> [Float] {
    let values = try floats()
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw error(.notFinite(values[index], index: index))
    }
    release()
    return values
  }
}
