import Foundation
import Swiftlet
import SwiftletConsole

let console = Console("swiftlet-bench")
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") { exit(console.show(usage + "\n")) }
let benchmark: Benchmark
do { benchmark = try Benchmark(Arguments(words)) } catch { exit(console.wrongUsage(error)) }
do {
  if benchmark.arguments.onlyMakes {
    for model in benchmark.arguments.models { print(try model.path { _, _, _ in }) }
    exit(0)
  }
  let report = try benchmark.run()
  if let path = benchmark.arguments.json { try report.json().write(to: URL(fileURLWithPath: path)) }
  if let path = benchmark.arguments.csv { try report.csv().write(to: URL(fileURLWithPath: path)) }
} catch let error as SwiftletError {
  console.complain("error: \(error.description)")
  exit(1)
} catch {
  console.complain("error: \(error)")
  exit(1)
}
