import Swiftlet
import SwiftletArena
import SwiftletDecoding
import SwiftletModelFile
import SwiftletPlatform
import SwiftletTransformer

/// `swiftlet plan MODEL`
enum PlanCommand {
  @inline(never)
  static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    var options = Options(.plan)
    let path: Word
    switch options.parse(&arguments) {
    case .run(let model): path = model
    case .end(let status): return status
    }
    LostPages.areErrors(of: path)
    if options.isSandboxed { Sandbox.restrict(to: .opening) }
    do throws(SwiftletError) {
      let file = try unsafe openModelFile(path.pointer)
      return try report(file, options)
    } catch {
      return Console.complain(about: path, error)
    }
  }

  /// Reports the memory of the command that runs the model.
  private static func report(
    _ file: borrowing ModelFile, _ options: Options
  ) throws(SwiftletError) -> ExitStatus {
    let task = file.architecture.task
    if !task.decodes {
      if options.maximumTarget != nil { throw .unused(option: "--max-target", task) }
      if options.batch > 1 { throw .unused(option: "--batch", task) }
      if options.task.plansScores { throw .unused(option: "--score", task) }
      let layout = try EmbedderLayout(
        file, longest: options.maximumSource, threads: options.threads,
        hasAttention: options.task.attention != nil)
      return try print(layout.plan, layout.limits, file, options)
    }
    if options.task.plansScores {
      if options.batch > 1 { throw .unused(option: "--batch with --score", task) }
      let layout = try ScorerLayout(
        file, source: options.maximumSource, target: options.maximumTarget, threads: options.threads)
      return try print(layout.plan, layout.limits, file, options)
    }
    let layout = try TranslatorLayout(
      file, source: options.maximumSource, target: options.maximumTarget, batch: options.batch,
      threads: options.threads, search: options.decoding.settings(file.decoding),
      constraints: options.constraints)
    return try print(layout.plan, layout.limits, file, options)
  }

  /// Not inlined: a plan is large, and there are several.
  @inline(never)
  private static func print(
    _ plan: MemoryPlan, _ limits: Limits, _ file: borrowing ModelFile, _ options: Options
  ) throws(SwiftletError) -> ExitStatus {
    if let size = LinkedMemory.size, plan.size > size {
      throw .memory(.exhausted(requested: plan.size, available: size, lower: plan.heaviestLimit))
    }
    let report = PlanReport(plan, limits, file)
    return Console.print { options.isJSON ? report.writeJSON(to: &$0) : report.writeTable(to: &$0) }
  }

  /// Checks that there is a plan for a model as it is.
  static func check(_ file: borrowing ModelFile) throws(SwiftletError) {
    if file.architecture.task.decodes {
      _ = try TranslatorLayout(file)
    } else {
      _ = try EmbedderLayout(file)
    }
  }
}
