import SwiftletKernels
import SwiftletModelFile
import SwiftletTransformer

/// The int8 model as a scorer. A view: workspace and model must outlive it, and be used by nothing else meanwhile.
struct WorkspaceScorer: TokenScorer {
  let workspace: UnsafeMutablePointer<Workspace>
  let model: UnsafePointer<Model>

  var vocabulary: Int { model.pointee.architecture.targetVocabulary }
  var rows: Int { workspace.pointee.limits.rows }

  func hasSource(_ source: Int) -> Bool { workspace.pointee.sourceCount(source) > 0 }

  mutating func begin(_ slot: Int, source: Int) { workspace.pointee.begin(slot, source: source) }

  mutating func fork(_ other: Int, into slot: Int) { workspace.pointee.fork(other, into: slot) }

  // Once a step, from several places: so it is there once.
  @inline(never)
  mutating func read(_ ids: Span<UInt32>, slots: Span<UInt32>) {
    workspace.pointee.step(ids, slots: slots, model.pointee)
    workspace.pointee.chooseLikeliest(model.pointee)
  }

  func logits(row: Int) -> UnsafePointer<Float> { workspace.pointee.logits(row: row, model.pointee) }

  func likeliest(row: Int) -> Choice { workspace.pointee.choice(row: row) }

  @inline(never)
  mutating func addSourceAttention(row: Int, to weights: UnsafeMutablePointer<Float>) {
    workspace.pointee.addSourceAttention(row: row, model.pointee, to: weights)
  }
}

/// Calls `body` with a scorer of a workspace.
func withScorer<Result>(
  _ workspace: inout Workspace, _ model: borrowing Model, _ body: (inout WorkspaceScorer) -> Result
) -> Result {
  withUnsafeMutablePointer(to: &workspace) { workspace in
    withUnsafePointer(to: model) { model in
      var scorer = WorkspaceScorer(workspace: workspace, model: model)
      return body(&scorer)
    }
  }
}
