import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletThreads

/// How many source tokens go through the encoder's matrices together. The result does not depend on it; more
/// take more memory and read the weights less often.
public let tokensPerBlock = 32

/// The parts of an arena that a forward pass takes.
public struct WorkspaceLayout: Sendable {
  let embedded: PlannedBuffer<Float>
  let hidden: PlannedBuffer<Float>
  let queries: PlannedBuffer<Float>
  let normalized: PlannedBuffer<Float>
  let projections: PlannedBuffer<Float>
  let attended: PlannedBuffer<Float>
  let inner: PlannedBuffer<Float>
  let sublayer: PlannedBuffer<Float>
  let attentionScratch: PlannedBuffer<Float>
  let quantized: PlannedBuffer<Int8>
  let scales: PlannedBuffer<Float>
  let zeroPoints: PlannedBuffer<Int32>
  let states: PlannedBuffer<Float>
  let pooled: PlannedBuffer<Float>
  let logits: PlannedBuffer<Float>
  let choices: PlannedBuffer<Choice>
  let rows: PlannedBuffer<StepRow>
  let slots: PlannedBuffer<SlotState>
  let sourceCounts: PlannedBuffer<Int>
  let sourcePages: PlannedBuffer<UInt32>
  let pool: PagePoolLayout
  let encoderCache: KeyValueLayout
  let selfCache: KeyValueLayout
  let crossCache: KeyValueLayout
  let threads: ThreadPoolLayout
  /// The limits that it was planned for.
  public let limits: Limits

  /// Adds a workspace's parts to a plan.
  public init(_ a: Architecture, _ limits: Limits, in plan: inout MemoryPlan) throws(ArenaError) {
    self.limits = limits
    let block = max(min(tokensPerBlock, limits.source), limits.rows)
    let both = Phases.encode | .decode
    let attention = a.attentionWidth
    let widestInner = roundUp(max(a.encoderFeedForward, a.decoderFeedForward), to: 16)
    func floats(
      _ name: StaticText, _ count: Int, _ times: Int = 1, _ phases: Phases = .encode | .decode,
      _ limit: MemoryLimit = .model
    ) throws(ArenaError) -> PlannedBuffer<Float> {
      try plan.add(name, Float.self, count: count, times: times, phases: phases, limit: limit)
    }
    embedded = try floats("embedding", a.embeddingWidth)
    hidden = try floats("encoder states", limits.source, a.width, .encode, .source)
    queries = try floats("encoder queries", limits.source, attention, .encode, .source)
    normalized = try floats("normalised states", a.normPlacement == .pre ? block : 0, a.width)
    // A product's rows are a line longer than what is in them: see `LinearWeights.outputStride`.
    projections = try floats(
      "projections", block, roundUp(max(attention + 2 * a.keyValueWidth, a.widestState), to: 16) + 16)
    attended = try floats("attention output", block, attention)
    inner = try floats("feed-forward", block, (a.isGated ? 2 * widestInner : widestInner) + 16)
    sublayer = try floats("sublayer output", block, roundUp(a.width, to: 16) + 16)
    let longest = limits.source >= limits.target ? MemoryLimit.source : .target
    attentionScratch = try floats(
      "attention weights",
      AttentionScratch.count(
        width: a.headWidth, tokens: max(limits.source, limits.target),
        queries: min(block, AttendingQueries.most)),
      limits.threads, both, longest)
    quantized = try plan.add(
      "int8 activations", Int8.self, count: block, times: a.widestInput + 64, phases: both, limit: .model)
    scales = try floats("activation scales", block, a.widestInput / 32)
    zeroPoints = try plan.add(
      "activation zero points", Int32.self, count: block, times: a.widestInput / 32, phases: both,
      limit: .model
    )
    states = try floats("decoder states", limits.rows, a.width, .decode, .batch)
    pooled = try floats("pooled state", a.decoderLayers == 0 ? a.widestState : 0)
    logits = try floats(
      "logits", a.decoderLayers == 0 ? 1 : limits.scoredRows, roundUp(a.resultWidth, to: 16) + 16,
      a.decoderLayers == 0 ? both : .decode, .batch)
    choices = try plan.add(
      "choices", Choice.self, count: limits.scoredRows, phases: .decode, limit: .batch)
    rows = try plan.add("decoded tokens", StepRow.self, count: limits.rows, phases: .decode, limit: .batch)
    // What a slot holds is given up when its next sequence begins: it is in use all the time.
    slots = try plan.add("slots", SlotState.self, count: limits.slots, phases: .all, limit: .batch)
    sourceCounts = try plan.add(
      "lengths of sources", Int.self, count: limits.batch, phases: both, limit: .batch)
    let pages = pageCount(tokens: limits.source)
    sourcePages = try plan.add(
      "source pages", UInt32.self, count: limits.batch, times: pages, phases: .all, limit: .source)
    pool = try PagePoolLayout(slots: limits.slots, tokens: limits.target, in: &plan)
    encoderCache = try KeyValueLayout(
      "encoder keys and values", pages: pages, layers: 1, heads: a.keyValueHeads, width: a.headWidth,
      phases: .encode, limit: .source, in: &plan)
    selfCache = try KeyValueLayout(
      "decoder keys and values", pages: pool.pages, layers: a.decoderLayers, heads: a.keyValueHeads,
      width: a.headWidth, phases: .decode, limit: .target, in: &plan)
    crossCache = try KeyValueLayout(
      "source keys and values", pages: limits.batch * pages, layers: a.decoderLayers, heads: a.keyValueHeads,
      width: a.headWidth, phases: both, limit: .source, in: &plan)
    threads = try ThreadPoolLayout(threads: limits.threads, in: &plan)
  }
}

extension Architecture {
  /// How many numbers a scored row, or an encoder's head, gives.
  fileprivate var resultWidth: Int {
    if hasOutput { return targetVocabulary }
    return head.classes > 0 ? head.classes : widestState
  }
}
