import Foundation
import SourcesTestSupport

extension Programs {
  /// The device's program: another one, such as a board's, if the environment says so.
  static let testedDevice = ProcessInfo.processInfo.environment["SWIFTLET_DEVICE"] ?? device
}

extension Finished {
  /// Whether it failed with one line that names the program.
  var isTypedError: Bool {
    // Swift's own runtime may first say that it has no room for what it does at a crash.
    let own = complaints.filter { !$0.hasPrefix("swift runtime: ") }
    return status == 1 && own.count == 1 && own[0].hasPrefix("swiftlet") && own[0].contains(": error: ")
  }
}

/// Runs a program to its end.
func run(
  _ program: String, _ arguments: [String], input: some Sequence<UInt8> = [UInt8](),
  environment: [String: String] = [:]
) throws -> Finished {
  let directory = try TemporaryDirectory()
  let path = try directory.write(input, to: "input")
  return try Running(
    program, arguments, input: FileHandle(forReadingAtPath: path), environment: environment
  ).finish()
}

/// Runs a line of the shell, which knows the words as "$0", "$1" …, or as "$@" but for the first.
///
/// - Parameter isolated: Whether its mounts are its own, which needs root.
func shell(
  _ script: String, _ words: [String], input: some Sequence<UInt8> = [UInt8](),
  environment: [String: String] = [:], isolated: Bool = false
) throws -> Finished {
  let words = ["/bin/bash", "-c", script] + words
  return isolated
    ? try run("/usr/bin/unshare", ["-m"] + words, input: input, environment: environment)
    : try run(words[0], Array(words.dropFirst()), input: input, environment: environment)
}
