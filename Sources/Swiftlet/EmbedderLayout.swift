import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// The memory that an embedder takes, by named part: known before anything runs.
public struct EmbedderLayout: Sendable {
  /// Every part of the arena, placed.
  public let plan: MemoryPlan
  /// The longest text, in tokens with those of the template.
  public let limits: Limits
  let model: ModelLayout
  let workspace: WorkspaceLayout
  let texts: TextLayout
  let segments: PlannedBuffer<UInt8>
  let maps: PlannedBuffer<Float>
  let earlier: PlannedBuffer<Float>
  let decoded: PlannedBuffer<UInt8>

  /// The longest text, in bytes: 16 for each token.
  public var textBytes: Int { texts.bytes }

  /// Plans for a model and the user's limits.
  ///
  /// - Parameters:
  ///   - longest: The longest text in tokens; nil for the model's, up to 256.
  ///   - threads: How many threads share the work.
  ///   - hasAttention: Whether maps of attention will be asked for.
  /// - Throws: `SwiftletError` for a model with a decoder, a limit that it does not allow, or a damaged tokenizer.
  public init(
    _ file: borrowing ModelFile, longest: Int? = nil, threads: Int = 1, hasAttention: Bool = false
  ) throws(SwiftletError) {
    let a = file.architecture
    guard !a.task.decodes else { throw .otherTask(a.task) }
    let tokenizer = try sourceTokenizer(of: file)
    let least = min(tokenizer.templateTokens + 1, a.positions)
    let limits = Limits(source: longest ?? min(a.positions, 256), target: 0, threads: threads)
    guard (least...a.positions).contains(limits.source) else {
      throw .limit(name: "--max-source", value: limits.source, most: a.positions, least: Int32(least))
    }
    try checkThreads(threads)
    var plan = MemoryPlan()
    do throws(ArenaError) {
      model = try ModelLayout(a, in: &plan)
      workspace = try WorkspaceLayout(a, limits, in: &plan)
      texts = try TextLayout(tokens: limits.source, in: &plan)
      segments = try plan.add("segments", UInt8.self, count: limits.source, phases: .all, limit: .source)
      maps = try AttentionMaps.plan(a, longest: hasAttention ? limits.source : 0, in: &plan)
      let width = a.head.projectionWidth > 0 ? a.head.projectionWidth : a.width
      earlier = try plan.add(
        "vector to compare", Float.self, count: a.task == .vectors ? width : 0, phases: .all, limit: .model)
      decoded = try plan.add(
        "filled text", UInt8.self, count: a.task == .maskedTokens ? limits.source : 0,
        times: tokenizer.longestText, phases: .detokenize, limit: .source)
    } catch {
      throw .memory(error)
    }
    plan.place()
    self.plan = plan
    self.limits = limits
  }
}
