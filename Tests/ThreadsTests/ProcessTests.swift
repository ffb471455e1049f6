import Foundation
import SourcesTestSupport
import Testing

/// What a pool does to its process. `threads-probe` is built with the tests and lies beside them.
@Suite struct ProcessTests {
  private struct Finished {
    let status: Int32
    let signal: Int32
    let output: String
  }

  private let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "threads-probe")

  private func probe(_ arguments: [String], environment: [String: String] = [:]) throws -> Finished {
    try run(program.path, arguments, environment: environment)
  }

  private func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Finished {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let ended = process.terminationReason == .exit
    return Finished(
      status: ended ? process.terminationStatus : -1, signal: ended ? 0 : process.terminationStatus,
      output: String(decoding: bytes, as: UTF8.self))
  }

  @Test(arguments: [2, 8])
  func startingAndEndingLeavesNothing(threads: Int) throws {
    let finished = try probe(["cycles", "300", "\(threads)"])
    let counts = finished.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    try #require(finished.status == 0 && counts.count == 5)
    #expect(counts[0] == counts[1], "mappings")
    #expect(counts[2] == counts[3], "threads")
    #expect(counts[4] == 301 * threads, "rounds")
  }

  @Test func aRefusedThreadLeavesNothing() throws {
    let finished = try probe(["refused"])
    let text = unsafe String(cString: strerror(EAGAIN))
    #expect(finished.status == 0 && finished.output == "cannot start a thread: \(text)\n0 0\n")
  }

  @Test func anOverflowingStackIsAFault() throws {
    let finished = try probe(["overflow"])
    #expect(finished.signal == SIGSEGV && finished.output == "")
  }

  #if !DEBUG
    /// Optimised, atomic operations are instructions, and the library that defines them needn't be loaded.
    @Test func theLibraryOfAtomicsIsNotLoaded() throws {
      let bytes = try Data(contentsOf: program)
      #expect(bytes.range(of: Data("libswiftCore.so".utf8)) != nil)
      #expect(bytes.range(of: Data("libswiftSynchronization.so".utf8)) == nil)
    }
  #endif

  /// The allocation counter of `Tests/AllocationCounter` counts from the mapping of a file to the last output.
  @Test(arguments: [1, 2, 5])
  func nothingIsAllocatedOnceThePoolRuns(threads: Int) throws {
    let directory = try TemporaryDirectory()
    let library = "\(directory.path)/liballocations.so"
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../AllocationCounter/count.c").standardized.path
    let compiled = try run(
      "/bin/sh",
      [
        "-c", "\"$(command -v clang || command -v cc)\" -O2 -shared -fPIC -o \"$0\" \"$1\" -ldl", library,
        source,
      ])
    try #require(compiled.status == 0)
    let file = try directory.write(repeatElement(0, count: 100_000), to: "mapped")
    for when in ["before", "after"] {
      let path = "\(directory.path)/report"
      let finished = try probe(
        ["allocations", when, file, "\(threads)"],
        environment: ["LD_PRELOAD": library, "SWIFTLET_ALLOCATION_REPORT": path])
      #expect(finished.status == 0 && finished.output == "done\n")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let pairs = text.split(whereSeparator: \.isWhitespace).map { $0.split(separator: "=") }
      let report = Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], Int($0[1]) ?? -1) })
      let allocations = try #require(report["allocations_between_open_and_last_write"])
      #expect(report["model_maps"] == 1 && report["writes"] == 1 && report["anonymous_maps"] == 0)
      if when == "after" {
        #expect(allocations == 0 && report["frees"] == 0)
      } else {
        #if !DEBUG
          // The start of a thread may cost the C library one; unoptimised Swift has more of its own.
          #expect(allocations <= threads - 1)
        #endif
      }
    }
  }
}
