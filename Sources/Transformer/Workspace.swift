import SwiftletArena
import SwiftletKernels
import SwiftletModelFile
import SwiftletPlatform
import SwiftletThreads

/// All that one forward pass writes to, and the threads that share it. One workspace serves one batch of sentences at
/// a time, each in its slot; a model can have many workspaces.
public struct Workspace: ~Copyable {
  // First, so that it ends before the arena does that its threads' stacks lie in.
  var threads: ThreadPool
  /// What it was planned for.
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
  let zeroPoints: ArenaBuffer<Int32>
  let states: ArenaBuffer<Float>
  let logits: ArenaBuffer<Float>
  let choices: ArenaBuffer<Choice>
  /// The slots of the sentences that a decoding step is for.
  let rows: ArenaBuffer<UInt32>
  let lengths: ArenaBuffer<SlotLengths>
  let encoderCache: KeyValueCache
  let selfCache: KeyValueCache
  let crossCache: KeyValueCache
  /// How many source tokens are being encoded.
  var sourceCount = 0
  /// How many sentences the decoding step is for.
  var rowCount = 0

  /// Takes a workspace's buffers from an arena, which must outlive it, and starts its threads.
  ///
  /// - Throws: `SystemError` if the system refuses a thread.
  public init(
    _ layout: WorkspaceLayout, in arena: borrowing Arena, kernels: KernelSet
  ) throws(SystemError) {
    threads = try ThreadPool(layout.threads, in: arena)
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
    zeroPoints = arena.buffer(layout.zeroPoints)
    states = arena.buffer(layout.states)
    logits = arena.buffer(layout.logits)
    choices = arena.buffer(layout.choices)
    rows = arena.buffer(layout.rows)
    lengths = arena.buffer(layout.lengths)
    encoderCache = KeyValueCache(layout.encoderCache, in: arena)
    selfCache = KeyValueCache(layout.selfCache, in: arena)
    crossCache = KeyValueCache(layout.crossCache, in: arena)
  }
}
