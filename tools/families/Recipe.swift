import SwiftletModelFile

/// How one runtime tensor is made of a source's tensors: under which names they stand there, and in which layout.
///
/// `#` in a name stands for the number of the layer.
struct Recipe: Sendable {
  enum Form { case linear, norm, table }

  /// How a projection's rows lie in the source.
  enum Layout {
    /// Outputs × inputs, as at run time.
    case rows
    /// Inputs × outputs.
    case transposed
    /// Query, key and value of head after head.
    case headsInterleaved
    /// Rows of neighbouring pairs, which are rotated together, instead of halves.
    case rotaryPairs
  }

  enum Bias { case none, required, ifPresent }

  let form: Form
  /// Parts one above the other; of a table the names under which it may stand.
  let names: [String]
  var layout = Layout.rows
  var bias = Bias.none
  /// The names under which a table's bias may stand.
  var biasNames: [String] = []
  /// Rows of a table before the first that counts.
  var skipped = 0
  /// Rows that a table has in the source, if that is not as many as at run time.
  var storedRows: Int?
  /// What the numbers are multiplied by.
  var factor: Float = 1

  /// Projections, one above the other.
  static func linear(_ names: String..., bias: Bias = .required, layout: Layout = .rows) -> Recipe {
    Recipe(form: .linear, names: names, layout: layout, bias: bias)
  }

  /// Gain, and bias where the norm has one.
  static func norm(_ name: String, factor: Float = 1) -> Recipe {
    Recipe(form: .norm, names: [name], factor: factor)
  }

  /// A table that may stand under several names, with a bias that may be there.
  static func table(_ names: [String], bias: [String] = []) -> Recipe {
    Recipe(form: .table, names: names, biasNames: bias)
  }

  /// A table of positions: of the `rows` rows that are stored, the first `skipped` are for no token.
  static func positions(_ name: String, skipping skipped: Int = 0, of rows: Int) -> Recipe {
    Recipe(form: .table, names: [name], skipped: skipped, storedRows: rows)
  }

  static func table(_ name: String) -> Recipe { table([name]) }
}

/// Where a family's tensors stand: for each part of each stack a recipe.
typealias NameTable = [Stack: [TensorPart: Recipe]]

/// How a source's names end.
struct Spelling: Sendable {
  let weight: String
  let bias: String
  /// The names of a norm's gain, of which the first that is there counts.
  let normGains: [String]
  /// The names of a norm's bias.
  let normBiases: [String]

  /// PyTorch's. The first checkpoints of BERT have TensorFlow's names of norms.
  static let torch = Spelling(
    weight: ".weight", bias: ".bias", normGains: [".weight", ".gamma"], normBiases: [".bias", ".beta"])
}

extension Recipe {
  /// The recipe with `prefix` before every name.
  func prefixed(_ prefix: String) -> Recipe {
    var result = Recipe(form: form, names: names.map { prefix + $0 })
    result.layout = layout
    result.bias = bias
    result.biasNames = biasNames.map { prefix + $0 }
    result.skipped = skipped
    result.storedRows = storedRows
    result.factor = factor
    return result
  }
}

extension [TensorPart: Recipe] {
  /// The recipes with `prefix` before every name.
  func prefixed(_ prefix: String) -> Self { mapValues { $0.prefixed(prefix) } }

  /// Both tables; the second's recipes win.
  static func + (left: Self, right: Self) -> Self { left.merging(right) { $1 } }
}
