import Swiftlet
import SwiftletArena
import SwiftletModelFile
import SwiftletPlatform

/// `swiftlet plan MODEL`
enum PlanCommand {
  static func run(_ arguments: inout ArgumentReader) -> ExitStatus {
    var options = Options()
    while let word = arguments.next() {
      if word.isOption {
        if let status = options.read(word, &arguments) { return status }
      } else if options.model == nil {
        options.model = word
      } else {
        return Console.wrongUsage("unexpected argument ", word)
      }
    }
    guard let path = options.model else { return Console.wrongUsage("no MODEL given") }
    do throws(SwiftletError) {
      let file = try openModelFile(path.pointer)
      let layout = try TranslatorLayout(file, source: options.maximumSource, target: options.maximumTarget)
      let report = PlanReport(layout, file)
      return Console.print { options.isJSON ? report.writeJSON(to: &$0) : report.writeTable(to: &$0) }
    } catch {
      return Console.complain(about: path, error)
    }
  }
}
