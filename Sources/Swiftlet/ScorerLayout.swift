import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTokenizers
import SwiftletTransformer

/// The memory that a scorer takes, by named part: known before anything runs.
public struct ScorerLayout: Sendable {
  /// Every part of the arena, placed.
  public let plan: MemoryPlan
  /// The longest source, and the longest text that is scored.
  public let limits: Limits
  let model: ModelLayout
  let workspace: WorkspaceLayout
  let source: TextLayout
  let target: TextLayout
  let slots: PlannedBuffer<UInt32>
  let logProbabilities: PlannedBuffer<Float>

  /// How many tokens are read and scored together.
  static let block = 16

  /// The longest line: a text, or a source, a TAB, and a target.
  public var textBytes: Int { source.bytes + 1 + target.bytes }

  /// Plans for a model and the user's limits.
  ///
  /// - Parameters:
  ///   - source: The longest source in tokens; nil for the model's, up to 256. A decoder alone has none.
  ///   - target: The longest text that is scored; nil for the model's, up to 256.
  ///   - threads: How many threads share the work.
  /// - Throws: `SwiftletError` for a model without decoder, a limit that it does not allow, or a damaged tokenizer.
  public init(
    _ file: borrowing ModelFile, source: Int? = nil, target: Int? = nil, threads: Int = 1
  ) throws(SwiftletError) {
    let a = file.architecture
    guard a.task.decodes else { throw .otherTask(a.task) }
    let isAlone = a.task == .continuation
    if isAlone, source != nil { throw .unused(option: "--max-source", a.task) }
    let longest = min(a.positions, 256)
    let limits = Limits(
      source: isAlone ? 0 : source ?? longest, target: target ?? longest, rows: Self.block,
      scoredRows: Self.block, threads: threads)
    guard isAlone || (min(2, a.positions)...a.positions).contains(limits.source) else {
      throw .limit(name: "--max-source", value: limits.source, most: a.positions, least: 2)
    }
    guard (1...a.positions).contains(limits.target) else {
      throw .limit(name: "--max-target", value: limits.target, most: a.positions, least: 1)
    }
    try checkThreads(threads)
    _ = try sourceTokenizer(of: file)
    _ = try targetTokenizer(of: file)
    var plan = MemoryPlan()
    do throws(ArenaError) {
      model = try ModelLayout(a, in: &plan)
      workspace = try WorkspaceLayout(a, limits, in: &plan)
      self.source = try TextLayout(tokens: limits.source, line: 0, in: &plan)
      // A start token more than are scored; and a line may have a source and a TAB before its target.
      self.target = try TextLayout(
        tokens: limits.target + 1, line: 16 * (limits.source + limits.target + 1) + 1, in: &plan)
      slots = try plan.add("slots to read", UInt32.self, count: Self.block, phases: .all, limit: .model)
      logProbabilities = try plan.add(
        "log-probabilities", Float.self, count: limits.target + 1, phases: .all, limit: .target)
    } catch {
      throw .memory(error)
    }
    plan.place()
    self.plan = plan
    self.limits = limits
  }
}
