import Foundation
import SwiftletModelFile

extension FloatTensor {
  /// A projection: x Wᵀ + b.
  func callAsFunction(_ inputs: FloatMatrix) -> FloatMatrix {
    observer?.saw(inputs.values, of: name)
    var result = product(inputs, values, outputs: rows)
    guard !bias.isEmpty else { return result }
    for row in 0..<result.rows {
      for column in 0..<rows { result.values[row * rows + column] += bias[column] }
    }
    return result
  }
}

/// A norm, whose sums are in Double.
struct FloatNorm: Sendable {
  let kind: Architecture.NormKind
  let epsilon: Double
  /// Gain, and bias where the norm has one: each as long as a state.
  let parameters: FloatTensor

  func callAsFunction(_ inputs: FloatMatrix) -> FloatMatrix {
    var result = inputs
    let width = inputs.columns
    for row in 0..<inputs.rows {
      let range = row * width..<(row + 1) * width
      let mean = kind == .layer ? range.reduce(0) { $0 + Double(inputs.values[$1]) } / Double(width) : 0
      let squares = range.reduce(0) { sum, index in
        let centred = Double(inputs.values[index]) - mean
        return sum + centred * centred
      }
      let scale = 1 / (squares / Double(width) + epsilon).squareRoot()
      for (column, index) in range.enumerated() {
        let normal = Float((Double(inputs.values[index]) - mean) * scale) * parameters.values[column]
        result.values[index] = kind == .layer ? normal + parameters.values[width + column] : normal
      }
    }
    return result
  }
}

/// An activation of one number.
func activate(_ x: Float, _ activation: Architecture.Activation) -> Float {
  switch activation {
  case .none: x
  case .relu: max(x, 0)
  case .swish: x / (1 + expf(-x))
  case .gelu: x * 0.5 * (1 + Float(erf(Double(x) * 0.5.squareRoot())))
  case .geluTanh:
    Float(
      0.5 * Double(x) * (1 + tanh((2 / Double.pi).squareRoot() * (Double(x) + 0.044715 * pow(Double(x), 3)))))
  case .tanh: tanhf(x)
  }
}

/// One layer of either stack.
struct FloatLayer: Sendable {
  let architecture: Architecture
  let queryKeyValue: FloatTensor
  let output: FloatTensor
  let norm: FloatNorm
  let feedForwardIn: FloatTensor
  let feedForwardOut: FloatTensor
  let feedForwardNorm: FloatNorm
  /// Attention to the encoder, in a decoder that has one.
  let cross: Cross?

  /// Attention to the encoder.
  struct Cross: Sendable {
    let query: FloatTensor
    let keyValue: FloatTensor
    let output: FloatTensor
    let norm: FloatNorm

    /// The keys and values of the encoder's result.
    func memory(_ encoded: FloatMatrix) -> FloatMemory {
      var memory = FloatMemory(width: keyValue.rows / 2)
      memory.append(keyValue(encoded), from: 0, width: keyValue.rows / 2)
      return memory
    }
  }

  /// The next tokens, one or many at once.
  ///
  /// - Parameters:
  ///   - own: keys and values of the tokens so far; those of these tokens are added.
  ///   - source: keys and values of the encoder's result.
  func callAsFunction(
    _ tokens: FloatMatrix, own: inout FloatMemory, source: FloatMemory?, _ frequencies: [Float],
    _ visibility: FloatVisibility
  ) -> FloatMatrix {
    if architecture.isParallel {
      let attended = attend(norm(tokens), &own, frequencies, visibility)
      return tokens + attended + feedForward(feedForwardNorm(tokens))
    }
    var states = residual(tokens, norm) { attend($0, &own, frequencies, visibility) }
    if let cross, let source {
      states = residual(states, cross.norm) {
        cross.output(attention(cross.query($0), source, architecture, FloatVisibility()))
      }
    }
    return residual(states, feedForwardNorm) { feedForward($0) }
  }

  private func attend(
    _ inputs: FloatMatrix, _ own: inout FloatMemory, _ frequencies: [Float], _ visibility: FloatVisibility
  ) -> FloatMatrix {
    var all = queryKeyValue(inputs)
    let rotated = 0..<architecture.heads + architecture.keyValueHeads
    rotate(&all, from: own.keys.rows, heads: rotated, size: architecture.headWidth, frequencies)
    own.append(all, from: architecture.attentionWidth, width: architecture.keyValueWidth)
    return output(attention(all.columns(0..<architecture.attentionWidth), own, architecture, visibility))
  }

  private func feedForward(_ inputs: FloatMatrix) -> FloatMatrix {
    let inner = feedForwardIn(inputs)
    let width = feedForwardOut.columns
    var active = FloatMatrix(rows: inner.rows, columns: width)
    for row in 0..<inner.rows {
      for column in 0..<width {
        let place = inner.start(row) + column
        let value = activate(inner.values[place], architecture.activation)
        active.values[row * width + column] =
          architecture.isGated ? value * inner.values[place + width] : value
      }
    }
    return feedForwardOut(active)
  }

  /// A sublayer with its residual: normalised before it, or after the sum.
  private func residual(
    _ inputs: FloatMatrix, _ norm: FloatNorm, _ sublayer: (FloatMatrix) -> FloatMatrix
  ) -> FloatMatrix {
    architecture.normPlacement == .pre ? inputs + sublayer(norm(inputs)) : norm(inputs + sublayer(inputs))
  }
}
