import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// What tokens attended to in each head of one layer: probabilities, `[heads][rows][columns]`.
public struct AttentionMaps: ~Copyable {
  /// Empty where nobody asks for maps.
  private let weights: ArenaBuffer<Float>
  /// How many tokens attended.
  public private(set) var rows = 0
  /// How many tokens they could attend to.
  public private(set) var columns = 0

  init(_ weights: consuming ArenaBuffer<Float>) { self.weights = weights }

  /// Plans the maps of a layer, of up to `longest` tokens each way.
  static func plan(
    _ architecture: Architecture, longest: Int, in plan: inout MemoryPlan
  ) throws(ArenaError) -> PlannedBuffer<Float> {
    try plan.add(
      "attention maps", Float.self, count: architecture.heads * longest, times: longest,
      phases: .encode | .decode | .detokenize, limit: .source)
  }

  /// The probabilities of one token in one head: one for each column, 1 together.
  @_lifetime(borrow self)
  public func weights(head: Int, row: Int) -> Span<Float> {
    precondition(row >= 0 && row < rows, "the map has fewer rows")
    let start = (head * rows + row) * columns
    return weights.span.extracting(start..<start + columns)
  }

  /// Makes place for maps, all zero, and has the workspace fill them from now on.
  mutating func prepare(
    _ kind: AttentionKind, layer: Int, heads: Int, rows: Int, columns: Int, _ workspace: inout Workspace
  ) {
    precondition(heads * rows * columns <= weights.count, "the plan has room for no attention")
    (self.rows, self.columns) = (rows, columns)
    for index in 0..<heads * rows * columns { unsafe weights.pointer[index] = 0 }
    workspace.capture = unsafe AttentionCapture(
      kind, layer: layer, heads: 0..<heads, queries: rows, keys: columns, into: weights.pointer)
  }
}

extension Embedder {
  /// Computes again what the tokens of the last text attended to in a layer: it is in `maps`.
  ///
  /// The layout must have attention.
  public mutating func attend(layer: Int) {
    let count = ids.count
    maps.prepare(
      .encoder, layer: layer, heads: model.architecture.heads, rows: count, columns: count, &workspace)
    encodeAgain()
    workspace.capture = nil
  }
}
