import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

extension Workspace {
  /// The embedding of one token at a position: scale · E[token] + PE(position), and a norm if the model has one.
  ///
  /// "Attention Is All You Need", sections 3.4 and 3.5.
  mutating func embed(
    _ token: Int, position: Int, _ table: LinearWeights, _ norm: NormWeights?, _ model: borrowing Model,
    into output: UnsafeMutablePointer<Float>
  ) {
    let architecture = model.architecture
    kernels.embed(table, token, architecture.embeddingScale, output)
    addPositionalEncoding(position, model, to: output)
    if let norm { normalize(output, count: 1, norm, model, into: output) }
  }
}
