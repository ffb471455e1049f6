import Foundation
import SourcesTestSupport
import Testing

/// What the allocation counter reports.
enum AllocationReport {
  /// The numbers of one run of a command over lines.
  static func of(_ command: [String], lines: [String]) throws -> [String: Int] {
    let directory = try TemporaryDirectory()
    let library = "\(directory.path)/liballocations.so"
    let source = repository.appending(path: "Tests/AllocationCounter/count.c").path
    let compiled = try run(
      "/bin/sh",
      [
        "-c", "\"$(command -v clang || command -v cc)\" -O2 -shared -fPIC -o \"$0\" \"$1\" -ldl", library,
        source,
      ])
    #expect(compiled.status == 0, "\(compiled.errors)")
    let finished = try run(
      Programs.device, command, input: lines.map { $0 + "\n" }.joined().utf8,
      environment: ["LD_PRELOAD": library, "SWIFTLET_ALLOCATION_REPORT": "\(directory.path)/report"])
    #expect(finished.status == 0 && finished.errors == "")
    let text = try String(contentsOfFile: "\(directory.path)/report", encoding: .utf8)
    let pairs = text.split(whereSeparator: \.isWhitespace).map { $0.split(separator: "=") }
    return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), Int($0[1]) ?? -1) })
  }
}
