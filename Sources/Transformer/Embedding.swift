import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// The embedding of one token at a position: scale · E[token] + PE(position), what its segment adds, a norm and a
  /// projection if the model has them.
  ///
  /// "Attention Is All You Need", sections 3.4 and 3.5; the projection is ALBERT's (Lan and others, 2020).
  mutating func embed(
    _ token: Int, position: Int, segment: Int = 0, _ table: LinearWeights, _ stack: StackWeights,
    _ model: borrowing Model, into output: UnsafeMutablePointer<Float>
  ) {
    let architecture = model.architecture
    let x = unsafe model.embeddingProjection == nil ? output : embedded.pointer
    unsafe kernels.embed(table, token, architecture.embeddingScale, false, x)
    unsafe addPositionalEncoding(position, stack, model, to: x)
    if let segments = unsafe model.segmentEmbedding {
      let width = architecture.tableWidth
      unsafe kernels.add(segments + segment * width, width, x, 1, width)
    }
    if let norm = stack.embeddingNorm { unsafe normalize(x, count: 1, norm, model, into: x) }
    if let projection = model.embeddingProjection {
      unsafe linear(projection, x, count: 1, into: projections.pointer)
      unsafe output.update(from: projections.pointer, count: architecture.width)
    }
  }
}
