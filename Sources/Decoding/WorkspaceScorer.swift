import SwiftletKernels
import SwiftletModelFile
import SwiftletTransformer

/// The tokens of sources, which with a decoder alone are the texts that it goes on from: `[sources][stride]`, and how many
/// of each count.
@safe public struct SourceTokens: BitwiseCopyable {
  let ids: UnsafePointer<UInt32>
  let counts: UnsafePointer<Int>
  let stride: Int

  /// A view of tokens and counts, which must outlive it.
  public init(ids: UnsafePointer<UInt32>, counts: UnsafePointer<Int>, stride: Int) {
    unsafe self.ids = ids
    unsafe self.counts = counts
    self.stride = stride
  }

  /// The tokens of a source.
  public func tokens(_ source: Int) -> UnsafeBufferPointer<UInt32> {
    unsafe UnsafeBufferPointer(start: ids + source * stride, count: counts[source])
  }
}

/// The int8 model as a scorer. A view: workspace and model must outlive it, and be used by nothing else meanwhile.
@safe struct WorkspaceScorer: TokenScorer {
  let workspace: UnsafeMutablePointer<Workspace>
  let model: UnsafePointer<Model>
  /// What sources are for a decoder alone; nil where an encoder reads them.
  let prompts: SourceTokens?

  var vocabulary: Int { unsafe model.pointee.architecture.targetVocabulary }
  var rows: Int { unsafe workspace.pointee.limits.rows }

  func hasSource(_ source: Int) -> Bool {
    unsafe prompts.map { unsafe $0.counts[source] > 0 } ?? (workspace.pointee.sourceCount(source) > 0)
  }

  func startToken(_ source: Int) -> UInt32? { unsafe prompts?.tokens(source).last }

  mutating func begin(_ slot: Int, source: Int) {
    unsafe workspace.pointee.begin(slot, source: source)
    guard let prompts else { return }
    // The last token is read with the first step, which scores what comes after it.
    unsafe workspace.pointee.read(prompts.tokens(source).dropLast(), slot: slot, model.pointee)
  }

  mutating func fork(_ other: Int, into slot: Int) { unsafe workspace.pointee.fork(other, into: slot) }

  // Once a step, from several places: so it is there once.
  @inline(never)
  mutating func read(_ ids: Span<UInt32>, slots: Span<UInt32>, scoresAll: Bool) {
    unsafe workspace.pointee.step(ids, slots: slots, scoresAll: scoresAll, model.pointee)
    unsafe workspace.pointee.chooseLikeliest(model.pointee)
  }

  var drafts: Int { unsafe workspace.pointee.limits.scoredRows - 1 }

  mutating func takeBack(_ count: Int, slot: Int) { unsafe workspace.pointee.takeBack(count, slot: slot) }

  func logits(row: Int) -> UnsafePointer<Float> { unsafe workspace.pointee.logits(row: row, model.pointee) }

  func likeliest(row: Int) -> Choice { unsafe workspace.pointee.choice(row: row) }

  @inline(never)
  mutating func addSourceAttention(row: Int, to weights: UnsafeMutablePointer<Float>) {
    unsafe workspace.pointee.addSourceAttention(row: row, model.pointee, to: weights)
  }
}

/// Calls `body` with a scorer of a workspace.
func withScorer<Result>(
  _ workspace: inout Workspace, _ model: borrowing Model, _ prompts: SourceTokens?,
  _ body: (inout WorkspaceScorer) -> Result
) -> Result {
  unsafe withUnsafeMutablePointer(to: &workspace) { workspace in
    unsafe withUnsafePointer(to: model) { model in
      var scorer = unsafe WorkspaceScorer(workspace: workspace, model: model, prompts: prompts)
      return body(&scorer)
    }
  }
}
