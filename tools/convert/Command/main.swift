import Foundation
import SwiftletConsole
import SwiftletConversion

/// Converts, with progress on a terminal, and shows the table.
func run(_ arguments: Arguments) -> Int32 {
  let console = Console("swiftlet-convert", showsProgress: !arguments.isQuiet)
  console.endsWhenPagesAreLost { Converter.removeUnfinishedFile() }
  do {
    let report = try Converter.convert(
      arguments.source, from: arguments.format, to: arguments.target, arguments.options,
      details: arguments.details, calibration: try arguments.calibration.map { try CalibrationText(path: $0) }
    ) { number, count, name in
      try Interruption.check()
      console.progress("\(number)/\(count) \(name)")
    }
    console.progress("")
    for note in report.notes { console.complain("note: \(note)") }
    return arguments.isQuiet ? 0 : console.show(ReportTable(report, path: arguments.target).text)
  } catch {
    console.progress("")
    console.complain("error: \(error)")
    if let interruption = error as? Interruption { interruption.end() }
    return 1
  }
}

Interruption.watch()
let console = Console("swiftlet-convert")
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") { exit(console.show(usage + "\n")) }
do { exit(run(try Arguments(words))) } catch { exit(console.wrongUsage(error)) }
