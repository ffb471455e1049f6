import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform

/// `swiftlet plan MODEL`
enum PlanCommand {
  static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    let (options, path): (Options, Word)
    switch Options.parse(&arguments) {
    case .run(let parsed, let model): (options, path) = (parsed, model)
    case .end(let status): return status
    }
    LostPages.areErrors(of: path)
    do throws(SwiftletError) {
      let file = try openModelFile(path.pointer)
      let layout = try TranslatorLayout(
        file, source: options.maximumSource, target: options.maximumTarget, batch: options.batch,
        threads: options.threads, search: options.decoding.settings(file.decoding),
        constraints: options.decoding.constraints)
      if let size = LinkedMemory.size, layout.plan.size > size {
        throw .memory(
          .exhausted(requested: layout.plan.size, available: size, lower: layout.plan.heaviestLimit))
      }
      let report = PlanReport(layout, file)
      return Console.print { options.isJSON ? report.writeJSON(to: &$0) : report.writeTable(to: &$0) }
    } catch {
      return Console.complain(about: path, error)
    }
  }
}
