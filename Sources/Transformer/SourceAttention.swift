import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// How many tokens the source has that a row of the step is decoded from.
  public func sourceCount(row: Int) -> Int {
    precondition(row >= 0 && row < rowCount, "the step has `rowCount` rows")
    return unsafe sourceCounts.pointer[slots.pointer[Int(truncatingIfNeeded: rows.pointer[row].slot)].source]
  }

  /// Adds to `weights` what one row of the step attended to: a weight for each source token, the mean of the heads of the
  /// last decoder layer. Together they are 1.
  ///
  /// To be asked for between a step and the next: the queries of that layer lie where they were, so that nothing is kept
  /// while nobody asks.
  /// - Complexity: as the row's attention.
  @inline(never)
  public mutating func addSourceAttention(
    row: Int, _ model: borrowing Model, to weights: UnsafeMutablePointer<Float>
  ) {
    let architecture = model.architecture
    let layer = architecture.decoderLayers - 1
    guard let stride = unsafe model.decoder.pointer[layer].crossAttention?.query.outputStride else { return }
    let count = sourceCount(row: row)
    let source = unsafe slots.pointer[Int(truncatingIfNeeded: rows.pointer[row].slot)].source
    let share = 1 / Float(architecture.heads)
    let headWeights =
      unsafe attentionScratch.pointer + AttentionScratch.weights(width: architecture.headWidth, queries: 1)
    for head in 0..<architecture.heads {
      let query = unsafe projections.pointer + (row * stride + head * architecture.headWidth)
      unsafe kernels.attend(
        AttendingQueries(query, into: attended.pointer), architecture.queryScale,
        crossCache.view.head(
          head / (architecture.heads / architecture.keyValueHeads), layer: layer, table: sourceTable(source)),
        AttendedKeys(end: count), attentionScratch.pointer)
      for token in 0..<count { unsafe weights[token] += headWeights[token] * share }
    }
  }
}
