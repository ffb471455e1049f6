import Foundation
import Swiftlet

/// Ends the program with a line on standard error.
func end(_ text: String, status: Int32) -> Never {
  FileHandle.standardError.write(Data("swiftlet-bench: error: \(text)\n".utf8))
  exit(status)
}

signal(SIGPIPE, SIG_IGN)
let words = Array(CommandLine.arguments.dropFirst())
if words.contains("--help") || words.contains("-h") {
  print(usage)
  exit(0)
}
let benchmark: Benchmark
do {
  benchmark = try Benchmark(Arguments(words))
} catch {
  end("\(error.text); try swiftlet-bench --help", status: 2)
}
do {
  let report = try benchmark.run()
  if let path = benchmark.arguments.json {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(report).write(to: URL(fileURLWithPath: path))
  }
} catch let failure as Failure {
  end(failure.text, status: 1)
} catch let error as SwiftletError {
  end("\(benchmark.arguments.model): \(error.description)", status: 1)
} catch {
  end("\(error)", status: 1)
}
