import SwiftletFloatReference
import SwiftletModelFile
import SwiftletPlatform

/// What it costs to quantise one tensor's weights, or its inputs, and nothing else.
public struct Sensitivity: Codable, Sendable {
  /// What is quantised.
  public enum What: String, Codable, Sendable {
    /// The weights, as the model file has them.
    case weights
    /// The inputs on the text: int8 with a scale for each token and group, as the device does it.
    case inputs
  }

  /// The tensor.
  public let name: String
  /// What of it is quantised.
  public let what: What
  /// The mean Kullback-Leibler divergence of the results, in nats; of vectors, 1 − the mean cosine.
  public let cost: Double
}

extension Verifier {
  /// How many lines the float reference is run on for each tensor.
  static let sensitivityLines = 24

  /// Runs the float reference with one tensor at a time quantised, on some lines.
  ///
  /// - Parameter progress: Called with how many runs are done, and of how many.
  /// - Returns: what costs most first.
  /// - Complexity: two runs for each tensor of the model.
  public func sensitivity(
    model: Int, _ text: VerificationText, progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [Sensitivity] {
    let exercises = try exercises(text, count: Self.sensitivityLines)
    let file = try Self.open(paths[model])
    let comparison = try TensorComparison(reference, file, [:])
    let reader = CostReader(
      reference.architecture, exercises, try results(reference, exercises))
    var found: [Sensitivity] = []
    let names = comparison.quantized
    for (index, name) in names.enumerated() {
      let changed = reference.replacing(
        name, weights: comparison.weights(name), biasGain: comparison.biasGain(name))
      found.append(
        Sensitivity(
          name: name.description, what: .weights, cost: reader.cost(try results(changed, exercises))))
      // Tables are looked up in: they have no inputs.
      if !name.part.isTable {
        let (tensor, map) = (comparison.shape(name), comparison.inputMap(name))
        let changed = reference.looking(through: [name: { quantizedInputs($0, for: tensor, map) }])
        found.append(
          Sensitivity(
            name: name.description, what: .inputs, cost: reader.cost(try results(changed, exercises))))
      }
      progress(index + 1, names.count)
    }
    return found.sorted { $0.cost > $1.cost }
  }

  private func results(_ model: FloatModel, _ exercises: [Exercise]) throws(ReferenceError) -> [[[Float]]] {
    try model.forEach(count: exercises.count) { index, _ throws(ReferenceError) -> [[Float]] in
      try exercises[index].results(model)
    }
  }
}

/// Measures what results differ by from the reference's.
private struct CostReader {
  private let isVectors: Bool
  private let vectors: [[Float]]
  private let distributions: [LogProbabilities]

  init(_ architecture: Architecture, _ exercises: [Exercise], _ reference: [[[Float]]]) {
    isVectors = !architecture.hasOutput && architecture.head.classes == 0
    vectors = reference.flatMap { $0 }
    distributions = isVectors ? [] : vectors.map { LogProbabilities($0, without: []) }
  }

  func cost(_ results: [[[Float]]]) -> Double {
    let others = results.flatMap { $0 }
    let costs = others.indices.map { index -> Double in
      if isVectors { return 1 - cosineSimilarity(vectors[index], others[index]) }
      let other = LogProbabilities(others[index], without: [])
      return TokenComparison(distributions[index], other, token: 0).divergence
    }
    return costs.reduce(0, +) / Double(costs.count)
  }
}

extension TensorPart {
  /// Whether rows of it are looked up, and no vector is multiplied with it.
  var isTable: Bool { self == .sourceEmbedding || self == .targetEmbedding || self == .positionEmbedding }
}

/// Inputs as the device multiplies them: mapped, rounded, and mapped back.
func quantizedInputs(
  _ inputs: FloatMatrix, for tensor: Tensor, _ map: DequantizedTensor.InputMap? = nil
) -> FloatMatrix {
  let (rounding, adapted) = (InputRounding(tensor), mapped(inputs, map))
  var result = inputs
  for row in 0..<inputs.rows {
    var remainders = adapted.row(row)
    rounding.takeRemainders(of: &remainders)
    for (column, remainder) in remainders.enumerated() {
      result.values[row * inputs.columns + column] -= remainder / (map?.factors[column] ?? 1)
    }
  }
  return result
}
