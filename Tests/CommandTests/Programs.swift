import Foundation
import SourcesTestSupport
import SwiftletKernelSelection

/// The programs that were built with the tests, and lie beside them.
enum Programs {
  static let directory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  static var device: String { directory.appending(path: "swiftlet-device").path }
  static var converter: String { directory.appending(path: "swiftlet-convert").path }
  static var verifier: String { directory.appending(path: "swiftlet-verify").path }
  static var shortlist: String { directory.appending(path: "swiftlet-shortlist").path }
  static var benchmark: String { directory.appending(path: "swiftlet-bench").path }
}

/// This repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
  .standardized
/// The committed model, in floats.
let enFrSource = repository.appending(path: "weights/en-fr").path

/// The committed model with each grouping of scales, converted once.
struct EnFr: Sendable {
  let group: String
  let path: String

  static let all: [EnFr] = ["64", "32", "row"].map { group in
    let path = (try? TemporaryDirectory().path) ?? "/nonexistent"
    _ = try? run(
      Programs.converter, [enFrSource, "-o", "\(path)/en-fr.swiftlet", "--group", group, "--quiet"])
    return EnFr(group: group, path: "\(path)/en-fr.swiftlet")
  }

  /// With scales for groups of 64: the converter's default.
  static var path: String { all[0].path }
}

/// The first `count` sentences of the development set, in English.
func sentences(_ count: Int) throws -> [String] {
  let text = try String(contentsOfFile: "\(enFrSource)/dev.tsv", encoding: .utf8)
  return text.split(separator: "\n").prefix(count).map { String($0.split(separator: "\t")[0]) }
}

/// What a program left behind.
struct Finished {
  /// The exit status, or minus the signal that ended it.
  let status: Int32
  let output: [UInt8]
  let errors: String

  /// Standard output as text.
  var text: String { String(decoding: output, as: UTF8.self) }
  /// Lines of standard error.
  var complaints: [String] { errors.split(separator: "\n").map(String.init) }
}

/// Runs a program to its end. Input and output are files, so that nothing can block.
///
/// - Parameter output: A file to write to, in place of one whose content is returned.
func run(
  _ program: String, _ arguments: [String], input: some Sequence<UInt8> = [], output: String? = nil,
  environment: [String: String] = [:]
) throws -> Finished {
  let directory = try TemporaryDirectory()
  try directory.write(input, to: "input")
  try directory.write("", to: "output")
  try directory.write("", to: "errors")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.standardInput = FileHandle(forReadingAtPath: "\(directory.path)/input")
  process.standardOutput = FileHandle(forWritingAtPath: output ?? "\(directory.path)/output")
  process.standardError = FileHandle(forWritingAtPath: "\(directory.path)/errors")
  try process.run()
  process.waitUntilExit()
  return Finished(
    status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
    output: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/output"))),
    errors: try String(contentsOfFile: "\(directory.path)/errors", encoding: .utf8))
}

/// Runs the device's program with lines on standard input.
func swiftlet(_ arguments: [String], lines: [String] = []) throws -> Finished {
  try run(Programs.device, arguments, input: lines.map { $0 + "\n" }.joined().utf8)
}

/// The kernels that this processor has.
func supportedKernels() throws -> [String] {
  try InstructionSet.allCases.map(\.description).filter {
    try run(Programs.device, ["translate", EnFr.path, "--kernel", $0, "--max-tokens", "1", "a"]).status == 0
  }
}
