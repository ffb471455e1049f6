import Foundation
import SwiftletFloatReference
import SwiftletModelFile
import SwiftletPlatform

/// Compares the tensors of a model file with the reference's: by what their outputs are on real inputs, so that channels
/// may be rescaled and rounding may be compensated, but nothing be too large, too small or too coarse.
struct TensorComparison {
  private let reference: FloatModel
  private let inputs: [TensorName: FloatMatrix]
  private let tensors: [TensorName: DequantizedTensor]
  private let order: [TensorName]
  private let scales: ChannelScales

  init(
    _ reference: FloatModel, _ file: borrowing ModelFile, _ inputs: [TensorName: FloatMatrix]
  ) throws(ModelFileError) {
    self.reference = reference
    self.inputs = inputs
    var tensors: [TensorName: DequantizedTensor] = [:]
    var order: [TensorName] = []
    for index in 0..<file.tensorCount {
      let tensor = try DequantizedTensor(file, at: index)
      tensors[tensor.tensor.name] = tensor
      order.append(tensor.tensor.name)
    }
    self.tensors = tensors
    self.order = order
    scales = ChannelScales(reference, tensors)
  }

  /// The tensors that are int8, in the order of the file.
  var quantized: [TensorName] { order.filter { tensors[$0]?.tensor.element == .int8 } }

  /// What the bias gains when `weights` take the reference's place, since shifts of inputs meet rounded weights: Σ (ŵ − w) s / f.
  func biasGain(_ name: TensorName) -> [Float]? {
    guard let map = tensors[name]?.inputMap else { return nil }
    let (own, others) = (reference.tensor(name).values, weights(name))
    return (0..<own.count / map.shifts.count).map { row in
      Float(
        map.shifts.indices.reduce(0.0) { sum, column in
          let place = row * map.shifts.count + column
          return sum + Double(others[place] - own[place]) * Double(map.shifts[column] / map.factors[column])
        })
    }
  }

  /// What the inputs of a tensor are to be mapped by before they are quantised.
  func inputMap(_ name: TensorName) -> DequantizedTensor.InputMap? { tensors[name]?.inputMap }

  /// The shape of a tensor, and how its inputs are quantised.
  func shape(_ name: TensorName) -> Tensor {
    guard let tensor = tensors[name] else { preconditionFailure("the architecture has no such tensor") }
    return tensor.tensor
  }

  /// The weights of the file without the factors of channels: what takes the reference's place.
  func weights(_ name: TensorName) -> [Float] {
    guard let tensor = tensors[name] else { preconditionFailure("the architecture has no such tensor") }
    guard scales.hasScales(name) else { return tensor.values }
    let columns = tensor.tensor.columns
    return tensor.values.indices.map {
      tensor.values[$0] / scales.factor(name, $0 / columns, $0 % columns)
    }
  }

  /// What is found of each tensor, in the order of the file.
  func findings() -> [TensorFinding] {
    order.flatMap { name -> [TensorFinding] in
      guard let tensor = tensors[name], !tensor.values.isEmpty else { return [] }
      return parts(tensor.tensor).map { finding(name, tensor, $0.name, $0.rows) }
    }
  }

  /// The projections that a tensor holds.
  private func parts(_ tensor: Tensor) -> [(name: String?, rows: Range<Int>)] {
    let a = reference.architecture
    let (queries, keys) = (a.attentionWidth, a.keyValueWidth)
    switch tensor.name.part {
    case .selfQueryKeyValue:
      return [
        ("query", 0..<queries), ("key", queries..<queries + keys), ("value", queries + keys..<tensor.rows),
      ]
    case .crossKeyValue: return [("key", 0..<keys), ("value", keys..<tensor.rows)]
    case .feedForwardIn where a.isGated:
      return [("gate", 0..<tensor.rows / 2), ("up", tensor.rows / 2..<tensor.rows)]
    default: return [(nil, 0..<tensor.rows)]
    }
  }

  private func finding(
    _ name: TensorName, _ tensor: DequantizedTensor, _ part: String?, _ rows: Range<Int>
  ) -> TensorFinding {
    let columns = tensor.tensor.columns
    let range = rows.lowerBound * columns..<rows.upperBound * columns
    let own = Array(reference.tensor(name).values[range])
    let others = Array(weights(name)[range])
    let isFloat = tensor.tensor.element == .float32
    let map = tensor.inputMap
    let error = OutputError(
      divided(own, map), divided(others, map), columns: columns, inputs: inputs[name].map { mapped($0, map) }
    ) { row, column in
      guard !isFloat else { return 0 }
      let step = tensor.step(rows.lowerBound + row, column) / (map?.factors[column] ?? 1)
      return Double(step / scales.factor(name, rows.lowerBound + row, column))
    }
    let off = (0..<rows.count).filter { row in
      let (gain, deviation) = error.gain(row: row)
      return abs(gain - 1) > max(0.002, 8 * deviation)
    }
    let worst = off.max { abs(error.gain(row: $0).gain - 1) < abs(error.gain(row: $1).gain - 1) }
    let biases = BiasError(
      tensor, rows: rows, weights: own, reference: reference.tensor(name).bias,
      factors: ({ scales.rowFactor(name, $0) }, { scales.columnFactor(name, $0) })
    ).off(by: { row in
      // Factors of channels are known as well as gains are.
      scales.hasScales(name) ? max(0.002, 8 * error.gain(row: row).error) : 1e-4
    })
    let energy = error.energy.reduce(0, +)
    let (noise, rounding) = (error.noise.reduce(0, +), error.rounding.reduce(0, +))
    let square = own.reduce(0.0) { $0 + Double($1) * Double($1) }
    let steps = isFloat ? nil : roundingNoise(tensor, rows)
    // A norm's tensor before a rescaled projection is that joint's other side: its projection is judged.
    let isRescaledNorm = isFloat && isRescaledNorm(name)
    return TensorFinding(
      name: name.description, part: part, rows: rows.count, columns: columns,
      weightDecibels: decibels(square, squaredDistance(own, Array(tensor.values[range]))),
      roundingDecibels: steps.map { decibels(square, $0) }, outputDecibels: decibels(energy, noise),
      outputCosine: cosine(error),
      gain: isRescaledNorm || energy == 0 ? 1 : error.product.reduce(0, +) / energy,
      gainError: energy == 0 ? 0 : error.productVariance.reduce(0, +).squareRoot() / energy,
      noiseRatio: rounding > 0 ? noise / rounding : isRescaledNorm || noise <= 1e-12 * energy ? 1 : .infinity,
      noiseRatioError: rounding > 0
        ? (2 * error.rounding.reduce(0) { $0 + $1 * $1 }).squareRoot() / rounding : 0,
      rowsOff: isFloat ? 0 : off.count, worstRow: worst, worstRowGain: worst.map { error.gain(row: $0).gain },
      biasesOff: biases.count, worstBias: biases.worst,
      isRescaled: scales.hasScales(name) || isRescaledNorm, weights: ValueRange(own),
      inputs: inputs[name].map { ValueRange($0.values) })
  }

  /// What the weights are to inputs that are multiplied by factors.
  private func divided(_ weights: [Float], _ map: DequantizedTensor.InputMap?) -> [Float] {
    guard let map else { return weights }
    return weights.indices.map { weights[$0] / map.factors[$0 % map.factors.count] }
  }

  private func isRescaledNorm(_ name: TensorName) -> Bool {
    let projections: [TensorPart: TensorPart] = [
      .selfNorm: .selfQueryKeyValue, .crossNorm: .crossQuery, .feedForwardNorm: .feedForwardIn,
    ]
    guard let part = projections[name.part] else { return false }
    let projection = TensorName(name.stack, layer: name.layer, part)
    return reference.architecture.normPlacement == .pre && scales.columns[projection] != nil
  }

  private func roundingNoise(_ tensor: DequantizedTensor, _ rows: Range<Int>) -> Double {
    var sum = 0.0
    for row in rows {
      for column in 0..<tensor.tensor.columns {
        let scale = Double(tensor.step(row, column))
        sum += scale * scale / 12
      }
    }
    return sum
  }

  private func squaredDistance(_ one: [Float], _ other: [Float]) -> Double {
    zip(one, other).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
  }

  /// The cosine of all outputs with the reference's: Σ ŷ² = noise + 2 Σ y ŷ − Σ y².
  private func cosine(_ error: OutputError) -> Double {
    let (energy, product) = (error.energy.reduce(0, +), error.product.reduce(0, +))
    let other = error.noise.reduce(0, +) + 2 * product - energy
    return energy * other > 0 ? product / (energy * other).squareRoot() : 1
  }

  private func decibels(_ signal: Double, _ noise: Double) -> Double {
    noise == 0 ? .infinity : 10 * log10(signal / noise)
  }
}

/// f x + s of each input x.
func mapped(_ inputs: FloatMatrix, _ map: DequantizedTensor.InputMap?) -> FloatMatrix {
  guard let map else { return inputs }
  var result = inputs
  for place in inputs.values.indices {
    let column = place % inputs.columns
    result.values[place] = inputs.values[place] * map.factors[column] + map.shifts[column]
  }
  return result
}
