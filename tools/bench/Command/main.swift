import Foundation
import Swiftlet
import SwiftletConsole

let console = Console("swiftlet-bench")
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") { exit(console.show(usage + "\n")) }
let benchmark: Benchmark
do { benchmark = try Benchmark(Arguments(words)) } catch { exit(console.wrongUsage(error)) }
do {
  let report = try benchmark.run()
  if let path = benchmark.arguments.json {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(report).write(to: URL(fileURLWithPath: path))
  }
} catch let error as SwiftletError {
  console.complain("error: \(benchmark.arguments.model): \(error.description)")
  exit(1)
} catch {
  console.complain("error: \(error)")
  exit(1)
}
