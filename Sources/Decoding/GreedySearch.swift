import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletTransformer

/// Greedy search: the likeliest token at each step, until the end token or a limit.
public enum GreedySearch {
  /// Decodes the source that `workspace` has encoded.
  ///
  /// - Parameters:
  ///   - maximumTokens: The most tokens, the end token included; at most the workspace's limit.
  ///   - ids: Takes the tokens, with the end token if it was reached.
  ///   - logProbabilities: Takes the log-probability of each.
  /// - Returns: How many tokens there are.
  /// - Complexity: O(tokens · weights).
  public static func run(
    _ workspace: inout Workspace, _ model: borrowing Model, maximumTokens: Int,
    ids: inout ArenaBuffer<UInt32>, logProbabilities: inout ArenaBuffer<Float>
  ) -> Int {
    let decoding = model.file.decoding
    var previous = decoding.startToken
    for index in 0..<min(maximumTokens, ids.count) {
      workspace.step(previous, model)
      let choice = workspace.likeliestNext(model)
      ids.pointer[index] = UInt32(truncatingIfNeeded: choice.index)
      logProbabilities.pointer[index] = choice.logProbability
      if choice.index == decoding.endToken { return index + 1 }
      previous = choice.index
    }
    return min(maximumTokens, ids.count)
  }
}
