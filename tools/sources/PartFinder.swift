/// Takes tensors out of the weights by name and shape, and keeps book of what was taken.
struct PartFinder {
  private let weights: SafetensorsDirectory
  private var names: Set<[UInt8]> = []

  init(_ weights: SafetensorsDirectory) { self.weights = weights }

  /// What was taken so far, in the order of the files.
  var taken: [SourceTensor] { weights.tensors.filter { names.contains(Array($0.name.utf8)) } }

  /// A tensor that must be there.
  mutating func take(_ name: String, _ shape: [Int]) throws(SourceError) -> SourceTensor {
    guard let tensor = try takeIfPresent(name, shape) else {
      throw .tensors(TensorError(file: weights.path, tensor: name, problem: .missing(alternatives: [])))
    }
    return tensor
  }

  /// A tensor that may be absent, but must have the right shape and a readable type if it is there.
  mutating func takeIfPresent(_ name: String, _ shape: [Int]) throws(SourceError) -> SourceTensor? {
    guard let tensor = weights.tensor(named: name) else { return nil }
    guard tensor.shape == shape else { throw tensor.error(.shape(found: tensor.shape, expected: shape)) }
    guard tensor.type.isReadable else { throw tensor.error(.type(tensor.type)) }
    names.insert(Array(name.utf8))
    return tensor
  }

  mutating func linear(_ name: String, _ outputs: Int, _ inputs: Int) throws(SourceError) -> LinearTensors {
    LinearTensors(
      weight: try take("\(name).weight", [outputs, inputs]), bias: try take("\(name).bias", [outputs]))
  }

  mutating func norm(_ name: String, _ width: Int) throws(SourceError) -> NormTensors {
    NormTensors(weight: try take("\(name).weight", [width]), bias: try take("\(name).bias", [width]))
  }

  /// One table that may stand under several names: takes the first name that is there, and drops copies, which
  /// must be equal.
  mutating func shared(_ aliases: [String], _ shape: [Int]) throws(SourceError) -> SourceTensor {
    var first: SourceTensor?
    for name in aliases {
      guard let tensor = try takeIfPresent(name, shape) else { continue }
      guard let first else {
        first = tensor
        continue
      }
      try tensor.checkEqual(to: first)
      copies.insert(Array(name.utf8))
    }
    guard let first else {
      let problem = TensorError.Problem.missing(alternatives: Array(aliases.dropFirst()))
      throw .tensors(TensorError(file: weights.path, tensor: aliases.first ?? "", problem: problem))
    }
    names.subtract(copies)
    return first
  }

  private var copies: Set<[UInt8]> = []

  /// Everything in the weights must have been taken.
  func checkNothingLeft() throws(SourceError) {
    for tensor in weights.tensors {
      let name = Array(tensor.name.utf8)
      guard names.contains(name) || copies.contains(name) else { throw tensor.error(.unexpected) }
    }
  }
}

extension SourceTensor {
  /// Whether the numbers are those of another tensor of the same shape.
  func checkEqual(to other: SourceTensor) throws(SourceError) {
    let step = max(1, (1 << 16) / max(1, rowLength))
    for start in stride(from: 0, to: rowCount, by: step) {
      let rows = start..<min(start + step, rowCount)
      let (mine, theirs) = (try floats(rows: rows), try other.floats(rows: rows))
      if let place = mine.indices.first(where: { mine[$0].bitPattern != theirs[$0].bitPattern }) {
        throw error(.differs(from: other.name, index: start * rowLength + place))
      }
    }
    release()
    other.release()
  }
}
