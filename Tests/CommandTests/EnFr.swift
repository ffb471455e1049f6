import Foundation
import SourcesTestSupport
import SwiftletKernelSelection

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

/// Runs a program to its end. Input and output are files, so that nothing can block.
///
/// - Parameter output: A file to write to, in place of one whose content is returned.
func run(
  _ program: String, _ arguments: [String], input: some Sequence<UInt8> = [], output: String? = nil,
  environment: [String: String] = [:]
) throws -> Finished {
  let path = try TemporaryDirectory().write(input, to: "input")
  return try Running(
    program, arguments, input: FileHandle(forReadingAtPath: path),
    output: output.map { FileHandle(forWritingAtPath: $0) as Any }, environment: environment
  ).finish(isBounded: false)
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
