import SwiftletKernels

/// A norm's parameters: `width` floats each.
@safe struct NormWeights: BitwiseCopyable, @unchecked Sendable {
  let width: Int
  let gain: UnsafePointer<Float>
  /// nil for a root mean square norm.
  let bias: UnsafePointer<Float>?
}

/// The weights of self-attention and its norm.
struct SelfAttentionWeights: BitwiseCopyable, @unchecked Sendable {
  let queryKeyValue: LinearWeights
  let output: LinearWeights
  let norm: NormWeights
}

/// The weights of encoder-decoder attention and its norm.
struct CrossAttentionWeights: BitwiseCopyable, @unchecked Sendable {
  let query: LinearWeights
  let keyValue: LinearWeights
  let output: LinearWeights
  let norm: NormWeights
}

/// The weights of a position-wise feed-forward network and its norm.
struct FeedForwardWeights: BitwiseCopyable, @unchecked Sendable {
  let inner: LinearWeights
  let outer: LinearWeights
  let norm: NormWeights
}

/// The weights of a layer of either stack.
public struct LayerWeights: BitwiseCopyable, @unchecked Sendable {
  let selfAttention: SelfAttentionWeights
  /// nil in an encoder, and in a decoder that has none.
  let crossAttention: CrossAttentionWeights?
  let feedForward: FeedForwardWeights
}

/// The weights of a stack that belong to no layer, where there are any.
@safe struct StackWeights: @unchecked Sendable {
  var positions: LinearWeights?
  var embeddingNorm: NormWeights?
  var finalNorm: NormWeights?
  /// For each head the biases of distances −D … D.
  var relativeBias: UnsafePointer<Float>?
}

/// The weights of an encoder's head, where there are any.
struct HeadWeights: @unchecked Sendable {
  var projection: LinearWeights?
  var norm: NormWeights?
  var classifier: LinearWeights?
}
