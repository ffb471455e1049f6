import SwiftletSources

/// Takes tensors out of the weights by name and shape, and keeps book of what was taken.
struct TensorFinder {
  let weights: SourceWeights
  private var taken: Set<[UInt8]> = []
  private var tables: [[String]: SourceTensor] = [:]

  init(_ weights: SourceWeights) { self.weights = weights }

  /// Whether there is a tensor of this name.
  func has(_ name: String) -> Bool { weights.tensor(named: name) != nil }

  /// A tensor that must be there.
  mutating func take(_ name: String, _ shape: [Int]) throws(SourceError) -> SourceTensor {
    guard let tensor = try takeIfPresent(name, shape) else { throw missing([name]) }
    return tensor
  }

  /// A tensor that may be absent, but must have the right shape and a readable type if it is there.
  mutating func takeIfPresent(_ name: String, _ shape: [Int]) throws(SourceError) -> SourceTensor? {
    guard let tensor = weights.tensor(named: name) else { return nil }
    guard tensor.shape == shape else { throw tensor.error(.shape(found: tensor.shape, expected: shape)) }
    guard tensor.isReadable else { throw tensor.error(.type(tensor.type)) }
    taken.insert(Array(name.utf8))
    return tensor
  }

  /// One table that may stand under several names: the first name that is there. Copies must be equal.
  mutating func shared(_ names: [String], _ shape: [Int]) throws(SourceError) -> SourceTensor {
    guard let tensor = try sharedIfPresent(names, shape) else { throw missing(names) }
    return tensor
  }

  /// The same, or nil if none of the names is there.
  mutating func sharedIfPresent(_ names: [String], _ shape: [Int]) throws(SourceError) -> SourceTensor? {
    if let table = tables[names] { return table }
    var first: SourceTensor?
    for name in names {
      guard let tensor = try takeIfPresent(name, shape) else { continue }
      guard let first else {
        first = tensor
        continue
      }
      try tensor.checkEqual(to: first)
    }
    tables[names] = first
    return first
  }

  /// Passes over what is there and of no use: `#` stands for any number. Other types than floats are no fault here.
  mutating func ignore(_ patterns: [String]) {
    for tensor in weights.tensors where patterns.contains(where: { tensor.name.matches($0) }) {
      taken.insert(Array(tensor.name.utf8))
    }
  }

  /// Everything in the weights must have been taken.
  func checkNothingLeft() throws(SourceError) {
    for tensor in weights.tensors where !taken.contains(Array(tensor.name.utf8)) {
      throw tensor.error(.unexpected)
    }
  }

  private func missing(_ names: [String]) -> SourceError {
    let problem = TensorError.Problem.missing(alternatives: Array(names.dropFirst()))
    return .tensors(TensorError(file: weights.path, tensor: names.first ?? "", problem: problem))
  }
}

extension String {
  /// Whether this is `pattern` with a number for its `#`.
  fileprivate func matches(_ pattern: String) -> Bool {
    let halves = pattern.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard halves.count == 2 else { return self == pattern }
    guard hasPrefix(halves[0]), hasSuffix(halves[1]) else { return false }
    let number = dropFirst(halves[0].count).dropLast(halves[1].count)
    return !number.isEmpty && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
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
