import SwiftletModelFile
import SwiftletSources

/// Makes every tensor of an architecture out of a source's, after a table of names.
struct TensorAssembly {
  let architecture: Architecture
  let names: NameTable
  let spelling: Spelling
  var finder: TensorFinder

  init(
    _ architecture: Architecture, _ names: NameTable, _ weights: SourceWeights, spelling: Spelling = .torch
  ) {
    self.architecture = architecture
    self.names = names
    self.spelling = spelling
    finder = TensorFinder(weights)
  }

  /// All tensors: those of `computed`, the others by their recipes. `ignored` names what else may be there.
  ///
  /// - Throws: `SourceError.tensors` for the first that is missing, has another shape or type, is a copy that
  ///   differs, or is left over.
  mutating func tensors(
    computed: [TensorName: ImportedTensor] = [:], ignored: [String] = []
  ) throws(SourceError) -> [TensorName: ImportedTensor] {
    var result = computed
    let list = TensorList(architecture)
    for index in 0..<list.count where computed[list[index].name] == nil {
      result[list[index].name] = try make(list[index])
    }
    finder.ignore(ignored)
    try finder.checkNothingLeft()
    return result
  }

  private mutating func make(_ tensor: Tensor) throws(SourceError) -> ImportedTensor {
    guard let recipe = names[tensor.name.stack]?[tensor.name.part] else {
      preconditionFailure("the family's table has no \(tensor.name)")
    }
    switch recipe.form {
    case .linear: return try linear(recipe, tensor)
    case .norm: return try norm(recipe, tensor)
    case .table: return try table(recipe, tensor)
    }
  }

  private mutating func linear(_ recipe: Recipe, _ tensor: Tensor) throws(SourceError) -> ImportedTensor {
    var parts: [any RowSource] = []
    var biases: [any RowSource] = []
    for (place, rows) in architecture.split(tensor, into: recipe.names.count).enumerated() {
      let name = recipe.names[place].numbered(tensor.name.layer)
      let shape = recipe.layout == .transposed ? [tensor.columns, rows] : [rows, tensor.columns]
      let weight = try finder.take(name + spelling.weight, shape)
      parts.append(arranged(weight, recipe.layout, part: place))
      let bias: SourceTensor? =
        switch recipe.bias {
        case .none: nil
        case .required: try finder.take(name + spelling.bias, [rows])
        case .ifPresent: try finder.takeIfPresent(name + spelling.bias, [rows])
        }
      if let bias {
        biases.append(arranged(bias, recipe.layout == .transposed ? .rows : recipe.layout, part: place))
      }
    }
    return ImportedTensor(stacked(parts), bias: biases.isEmpty ? nil : stacked(biases))
  }

  private mutating func norm(_ recipe: Recipe, _ tensor: Tensor) throws(SourceError) -> ImportedTensor {
    let name = recipe.names[0].numbered(tensor.name.layer)
    var rows: [any RowSource] = []
    for suffixes in [spelling.normGains, spelling.normBiases].prefix(tensor.rows) {
      let suffix = suffixes.first { finder.has(name + $0) } ?? suffixes[0]
      let vector = try finder.take(name + suffix, [tensor.columns])
      let row = StoredRows(try vector.reshaped([1, tensor.columns]))
      rows.append(recipe.factor == 1 ? row : ScaledRows(base: row, factor: recipe.factor))
    }
    return ImportedTensor(stacked(rows))
  }

  private mutating func table(_ recipe: Recipe, _ tensor: Tensor) throws(SourceError) -> ImportedTensor {
    let names = recipe.names.map { $0.numbered(tensor.name.layer) }
    let table = try finder.shared(names, [recipe.storedRows ?? tensor.rows, tensor.columns])
    let bias = try bias(of: recipe, tensor)
    return ImportedTensor(
      StoredRows(table, skipping: recipe.skipped, count: tensor.rows), bias: bias)
  }

  private mutating func bias(of recipe: Recipe, _ tensor: Tensor) throws(SourceError) -> (any RowSource)? {
    let names = recipe.biasNames
    guard let stored = names.lazy.compactMap({ [finder] in finder.weights.tensor(named: $0) }).first else {
      return nil
    }
    let shape = stored.shape.count == 2 ? [1, tensor.rows] : [tensor.rows]
    guard let bias = try finder.sharedIfPresent(names, shape) else { return nil }
    return StoredRows(try bias.reshaped([tensor.rows]))
  }

  private func arranged(_ tensor: SourceTensor, _ layout: Recipe.Layout, part: Int) -> any RowSource {
    switch layout {
    case .rows: StoredRows(tensor)
    case .transposed: StoredColumns(tensor: tensor)
    case .headsInterleaved: StoredRows(tensor, places: architecture.placesOfInterleavedHeads)
    // Values are not rotated.
    case .rotaryPairs where part < 2:
      StoredRows(tensor, places: architecture.placesOfPairs(rows: tensor.rowCount))
    case .rotaryPairs: StoredRows(tensor)
    }
  }

  private func stacked(_ parts: [any RowSource]) -> any RowSource {
    parts.count == 1 ? parts[0] : StackedRows(parts: parts)
  }
}

extension String {
  /// The name with the layer's number.
  fileprivate func numbered(_ layer: Int) -> String { replacing("#", with: "\(layer)") }
}

extension Architecture {
  /// The rows of the parts that a tensor is stacked from.
  fileprivate func split(_ tensor: Tensor, into count: Int) -> [Int] {
    switch (count, tensor.name.part) {
    case (1, _): [tensor.rows]
    case (3, .selfQueryKeyValue): [attentionWidth, keyValueWidth, keyValueWidth]
    case (2, .crossKeyValue), (2, .feedForwardIn): [tensor.rows / 2, tensor.rows / 2]
    default: preconditionFailure("\(tensor.name) is not stacked from \(count) parts")
    }
  }

  /// Where a row of queries, keys, values stands in a matrix that has those of head after head.
  fileprivate var placesOfInterleavedHeads: [Int] {
    (0..<3).flatMap { part in
      (0..<heads).flatMap { head in (0..<headWidth).map { (3 * head + part) * headWidth + $0 } }
    }
  }

  /// Where a row of queries or keys stands in a matrix whose rotated dimensions are neighbouring pairs.
  fileprivate func placesOfPairs(rows: Int) -> [Int] {
    let half = rotaryWidth / 2
    return (0..<rows).map { row in
      let (head, place) = (row / headWidth, row % headWidth)
      guard place < rotaryWidth else { return row }
      return head * headWidth + (place < half ? 2 * place : 2 * (place - half) + 1)
    }
  }
}
