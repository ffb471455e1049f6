import SwiftletModelFile

/// What quantising a matrix's inputs does to their values, as the numeric contract says it: int8 in [−127, 127] with a
/// scale for each token and group, a whole zero point where the matrix has them, and a second part of 1/254 of the scale
/// where its inputs have two.
///
/// In plain arithmetic of its own, so that an error of the kernels can't hide in it.
package struct InputRounding: Sendable {
  /// Inputs that share a scale.
  private let group: Int
  private let usesOffset: Bool
  private let refines: Bool

  /// As the inputs of `tensor` are rounded.
  package init(_ tensor: Tensor) {
    group = tensor.group == 0 ? max(1, tensor.columns) : tensor.group
    usesOffset = tensor.usesOffset
    refines = tensor.refinesInputs
  }

  /// Puts in the place of one token's inputs, mapped where the matrix has factors and shifts, what rounding leaves off each:
  /// input = rounded input + remainder.
  package func takeRemainders(of inputs: inout [Float]) {
    for start in stride(from: 0, to: inputs.count, by: group) {
      let range = start..<min(start + group, inputs.count)
      let (scale, zeroPoint) = parameters(inputs[range])
      guard scale > 0 else { continue }
      for column in range {
        let q = min(127, max(-127, (inputs[column] / scale - zeroPoint).rounded(.toNearestOrEven)))
        var rest = inputs[column] - scale * (q + zeroPoint)
        if refines { rest -= (rest / scale * 254).rounded(.toNearestOrEven) * (scale / 254) }
        inputs[column] = rest
      }
    }
  }

  private func parameters(_ values: ArraySlice<Float>) -> (scale: Float, zeroPoint: Float) {
    let (low, high) = values.reduce((Float(0), Float(0))) { (min($0.0, $1), max($0.1, $1)) }
    guard usesOffset else { return (max(high, -low) / 127, 0) }
    let scale = (high - low) / 254
    return (scale, scale > 0 ? min(127, max(-127, (low / scale).rounded(.toNearestOrEven) + 127)) : 0)
  }
}
