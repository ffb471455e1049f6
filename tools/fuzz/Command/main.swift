import Foundation
import SwiftletFuzzing

if CommandLine.arguments.dropFirst().first == "list" {
  for target in targets { print(target.name, target.longest) }
} else if CommandLine.arguments.dropFirst().first == "seeds" {
  try writeSeeds(to: CommandLine.arguments[2])
} else if CommandLine.arguments.dropFirst().first == "replay" {
  try replay(CommandLine.arguments[2])
} else {
  // What is made once, such as small models and tables of Unicode, is not the time of an input.
  for seed in try target.seeds() {
    _ = seed.withUnsafeBufferPointer { runOne($0.baseAddress, $0.count) }
  }
  var count = CommandLine.argc
  var words = CommandLine.unsafeArgv
  exit(runDriver(&count, &words, runOne))
}

/// Writes the target's seeds into a directory, named by their hash.
func writeSeeds(to directory: String) throws {
  for seed in try target.seeds() {
    let hash = seed.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    try Data(seed).write(to: URL(fileURLWithPath: "\(directory)/seed-\(String(hash, radix: 16))"))
  }
}

/// Runs every input of a directory, in a build without libFuzzer's counters.
func replay(_ directory: String) throws {
  for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)")))
    _ = bytes.withUnsafeBufferPointer { runOne($0.baseAddress, $0.count) }
  }
}
