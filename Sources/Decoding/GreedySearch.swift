import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletTransformer

/// Greedy search: the likeliest token at each step, until the end token or a limit.
public enum GreedySearch {
  /// Decodes the sources that `workspace` has encoded into slots 0 to `count` − 1, all together: the steps go on with
  /// those whose targets have not ended. The targets are those of one by one, bit for bit; an empty slot's is empty.
  ///
  /// - Parameters:
  ///   - maximumTokens: The most tokens of a target, the end token included, 1 or more; at most the workspace's limit.
  ///   - targets: Takes the tokens and their log-probabilities.
  /// - Complexity: O(longest target · weights), and O(tokens · weights) products.
  public static func run(
    _ workspace: inout Workspace, _ model: borrowing Model, count: Int = 1, maximumTokens: Int = .max,
    into targets: inout Targets
  ) {
    let decoding = model.file.decoding
    targets.clear()
    for slot in 0..<count where workspace.sourceCount(slot: slot) > 0 {
      targets.open(slot, startToken: decoding.startToken)
    }
    while targets.hasOpen {
      targets.withOpen { slots, previous in workspace.step(previous, slots: slots, model) }
      workspace.chooseLikeliest(model)
      targets.append(endToken: decoding.endToken, maximumTokens: maximumTokens) { workspace.choice(row: $0) }
    }
  }
}
