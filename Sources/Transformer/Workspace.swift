import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletThreads

/// All that one forward pass writes to, and the threads that share it. One workspace serves one batch of sentences at
/// a time, each sequence in its slot; a model can have many workspaces.
public struct Workspace: ~Copyable {
  // First, so that it ends before the arena does that its threads' stacks lie in.
  var threads: ThreadPool
  /// What it was planned for.
  public let limits: Limits
  /// The kernels that it runs on.
  public let kernels: KernelSet
  let embedded: ArenaBuffer<Float>
  let hidden: ArenaBuffer<Float>
  let queries: ArenaBuffer<Float>
  let normalized: ArenaBuffer<Float>
  let projections: ArenaBuffer<Float>
  let attended: ArenaBuffer<Float>
  let inner: ArenaBuffer<Float>
  let sublayer: ArenaBuffer<Float>
  let attentionScratch: ArenaBuffer<Float>
  let quantized: ArenaBuffer<Int8>
  let scales: ArenaBuffer<Float>
  let zeroPoints: ArenaBuffer<Int32>
  let states: ArenaBuffer<Float>
  let pooled: ArenaBuffer<Float>
  let logits: ArenaBuffer<Float>
  let choices: ArenaBuffer<Choice>
  /// The tokens that the decoding step reads.
  let rows: ArenaBuffer<StepRow>
  let slots: ArenaBuffer<SlotState>
  /// How many tokens each source has.
  let sourceCounts: ArenaBuffer<Int>
  /// The pages of each source's keys and values: those of source 0, then those of source 1 and so on, in order.
  let sourcePages: ArenaBuffer<UInt32>
  /// The pages of each slot's keys and values.
  var pool: PagePool
  let encoderCache: KeyValueCache
  let selfCache: KeyValueCache
  let crossCache: KeyValueCache
  /// The tokens that are scored, where these are not all; it must outlive the steps.
  public var shortlist: ShortlistView?
  /// Where a layer's attention is kept, if somebody wants to see it.
  public var capture: AttentionCapture?
  /// How many source tokens are being encoded.
  var sourceCount = 0
  /// How many tokens the decoding step reads.
  var rowCount = 0
  /// How many of them it scores the next token after.
  var scoredCount = 0
  /// How many numbers the encoder's head gave.
  var headCount = 0
  /// The attention's weights of one token and head that a thread has place for.
  var scratchPerThread: Int { attentionScratch.count / limits.threads }

  /// Takes a workspace's buffers from an arena, which must outlive it, and starts its threads.
  ///
  /// - Throws: `SystemError` if the system refuses a thread.
  public init(
    _ layout: WorkspaceLayout, in arena: borrowing Arena, kernels: KernelSet
  ) throws(SystemError) {
    threads = try ThreadPool(layout.threads, in: arena)
    limits = layout.limits
    self.kernels = kernels
    embedded = arena.buffer(layout.embedded)
    hidden = arena.buffer(layout.hidden)
    queries = arena.buffer(layout.queries)
    normalized = arena.buffer(layout.normalized)
    projections = arena.buffer(layout.projections)
    attended = arena.buffer(layout.attended)
    inner = arena.buffer(layout.inner)
    sublayer = arena.buffer(layout.sublayer)
    attentionScratch = arena.buffer(layout.attentionScratch)
    quantized = arena.buffer(layout.quantized)
    scales = arena.buffer(layout.scales)
    zeroPoints = arena.buffer(layout.zeroPoints)
    states = arena.buffer(layout.states)
    pooled = arena.buffer(layout.pooled)
    logits = arena.buffer(layout.logits)
    choices = arena.buffer(layout.choices)
    rows = arena.buffer(layout.rows)
    slots = arena.buffer(layout.slots)
    sourceCounts = arena.buffer(layout.sourceCounts)
    sourcePages = arena.buffer(layout.sourcePages)
    for page in 0..<sourcePages.count { unsafe sourcePages.pointer[page] = UInt32(truncatingIfNeeded: page) }
    pool = PagePool(layout.pool, in: arena)
    encoderCache = KeyValueCache(layout.encoderCache, in: arena)
    selfCache = KeyValueCache(layout.selfCache, in: arena)
    crossCache = KeyValueCache(layout.crossCache, in: arena)
  }
}
