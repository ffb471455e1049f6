import SwiftletArena
import SwiftletKernels
import SwiftletModelFile

/// The longest sentences that a run takes, in tokens with the end token.
public struct Limits: Equatable, Sendable {
  /// The longest source.
  public let source: Int
  /// The longest target.
  public let target: Int

  /// Limits of `source` and `target` tokens.
  public init(source: Int, target: Int) {
    self.source = source
    self.target = target
  }
}

/// How many source tokens go through the encoder's matrices together. The result does not depend on it; more
/// take more memory and read the weights less often.
let tokensPerBlock = 32

/// The parts of an arena that a forward pass takes.
public struct WorkspaceLayout: Sendable {
  let hidden: PlannedBuffer<Float>
  let queries: PlannedBuffer<Float>
  let normalized: PlannedBuffer<Float>
  let projections: PlannedBuffer<Float>
  let attended: PlannedBuffer<Float>
  let inner: PlannedBuffer<Float>
  let sublayer: PlannedBuffer<Float>
  let scores: PlannedBuffer<Float>
  let quantized: PlannedBuffer<Int8>
  let scales: PlannedBuffer<Float>
  let middles: PlannedBuffer<Float>
  let token: PlannedBuffer<Float>
  let logits: PlannedBuffer<Float>
  let encoderCache: KeyValueLayout
  let selfCache: KeyValueLayout
  let crossCache: KeyValueLayout
  /// The limits that it was planned for.
  public let limits: Limits

  /// Adds a workspace's parts to a plan.
  public init(_ a: Architecture, _ limits: Limits, in plan: inout MemoryPlan) throws(ArenaError) {
    self.limits = limits
    let block = min(tokensPerBlock, limits.source)
    let both = Phases.encode | .decode
    let attention = a.attentionWidth
    let widestInner = roundUp(max(a.encoderFeedForward, a.decoderFeedForward), to: 16)
    let widestInput = roundUp(max(a.width, max(attention, widestInner)), to: 64)
    func floats(
      _ name: StaticString, _ count: Int, _ times: Int = 1, _ phases: Phases = .encode | .decode,
      _ limit: MemoryLimit = .model
    ) throws(ArenaError) -> PlannedBuffer<Float> {
      try plan.add(name, Float.self, count: count, times: times, phases: phases, limit: limit)
    }
    hidden = try floats("encoder states", limits.source, a.width, .encode, .source)
    queries = try floats("encoder queries", limits.source, attention, .encode, .source)
    normalized = try floats("normalised states", a.normPlacement == .pre ? block : 0, a.width)
    projections = try floats("projections", block, roundUp(3 * attention, to: 16))
    attended = try floats("attention output", block, attention)
    inner = try floats("feed-forward", block, widestInner)
    sublayer = try floats("sublayer output", block, roundUp(a.width, to: 16))
    let longest = limits.source >= limits.target ? MemoryLimit.source : .target
    scores = try floats(
      "attention weights", roundUp(max(limits.source, limits.target), to: laneCount), 1, both, longest)
    quantized = try plan.add(
      "int8 activations", Int8.self, count: block, times: widestInput, phases: both, limit: .model)
    scales = try floats("activation scales", block, widestInput / 32)
    middles = try floats("activation middles", block, widestInput / 32)
    token = try floats("decoder state", a.width, 1, .decode)
    logits = try floats("logits", roundUp(a.targetVocabulary, to: 16), 1, .decode)
    encoderCache = try KeyValueLayout(
      ("encoder keys", "encoder values", "encoder key and value scales"), layers: 1, heads: a.heads,
      width: a.headWidth, tokens: limits.source, phases: .encode, limit: .source, in: &plan)
    selfCache = try KeyValueLayout(
      ("decoder keys", "decoder values", "decoder key and value scales"), layers: a.decoderLayers,
      heads: a.heads, width: a.headWidth, tokens: limits.target, phases: .decode, limit: .target, in: &plan)
    crossCache = try KeyValueLayout(
      ("source keys", "source values", "source key and value scales"), layers: a.decoderLayers,
      heads: a.heads, width: a.headWidth, tokens: limits.source, phases: both, limit: .source, in: &plan)
  }
}

/// All that one forward pass writes to. One workspace serves one sentence at a time; a model can have many.
public struct Workspace: ~Copyable {
  /// The longest sentences that it takes.
  public let limits: Limits
  /// The kernels that it runs on.
  public let kernels: KernelSet
  let hidden: ArenaBuffer<Float>
  let queries: ArenaBuffer<Float>
  let normalized: ArenaBuffer<Float>
  let projections: ArenaBuffer<Float>
  let attended: ArenaBuffer<Float>
  let inner: ArenaBuffer<Float>
  let sublayer: ArenaBuffer<Float>
  let scores: ArenaBuffer<Float>
  let quantized: ArenaBuffer<Int8>
  let scales: ArenaBuffer<Float>
  let middles: ArenaBuffer<Float>
  let token: ArenaBuffer<Float>
  let logits: ArenaBuffer<Float>
  let encoderCache: KeyValueCache
  let selfCache: KeyValueCache
  let crossCache: KeyValueCache
  /// How many source tokens were encoded.
  public internal(set) var sourceCount = 0
  /// How many target tokens were decoded: the position of the next.
  public internal(set) var targetCount = 0

  /// Takes a workspace's buffers from an arena, which must outlive it.
  public init(_ layout: WorkspaceLayout, in arena: borrowing Arena, kernels: KernelSet) {
    limits = layout.limits
    self.kernels = kernels
    hidden = arena.buffer(layout.hidden)
    queries = arena.buffer(layout.queries)
    normalized = arena.buffer(layout.normalized)
    projections = arena.buffer(layout.projections)
    attended = arena.buffer(layout.attended)
    inner = arena.buffer(layout.inner)
    sublayer = arena.buffer(layout.sublayer)
    scores = arena.buffer(layout.scores)
    quantized = arena.buffer(layout.quantized)
    scales = arena.buffer(layout.scales)
    middles = arena.buffer(layout.middles)
    token = arena.buffer(layout.token)
    logits = arena.buffer(layout.logits)
    encoderCache = KeyValueCache(layout.encoderCache, in: arena)
    selfCache = KeyValueCache(layout.selfCache, in: arena)
    crossCache = KeyValueCache(layout.crossCache, in: arena)
  }

  /// Where activations are quantised to.
  var quantizedRows: QuantizedRows {
    QuantizedRows(values: quantized.pointer, scales: scales.pointer, middles: middles.pointer)
  }

  /// Y = activation(X Wᵀ + b) for `count` tokens at `input`, in rows of `stride` (by default without padding); Y in
  /// rows of `weights.paddedRows`.
  func linear(
    _ weights: LinearWeights, _ input: UnsafePointer<Float>, stride: Int? = nil, count: Int,
    into output: borrowing ArenaBuffer<Float>, activation: Activation = .none
  ) {
    kernels.quantize(
      input, stride ?? weights.columns, count, weights, quantizedRows, kernels.zeroPoint)
    kernels.product(weights, quantizedRows, count, output.pointer, weights.paddedRows, activation)
  }
}
