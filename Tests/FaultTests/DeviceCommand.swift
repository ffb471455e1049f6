import SourcesTestSupport
import Testing

extension FamilyModel {
  /// A directory that takes little time to convert: its tokenizer needs no tables of Unicode.
  static func marian() throws -> String {
    let directory = try TemporaryDirectory()
    try TinyMarian().writeWithText(to: directory)
    return directory.path
  }
}

/// A command of the device's program, and the tiny model that it runs.
struct DeviceCommand: Sendable, CustomTestStringConvertible {
  let name, model: String
  let options: [String]

  static let all: [DeviceCommand] = [
    DeviceCommand(name: "translate", model: "bart", options: ["--max-tokens", "6"]),
    DeviceCommand(
      name: "translate", model: "bart", options: ["--max-tokens", "6", "--batch", "3", "--threads", "2"]),
    DeviceCommand(name: "generate", model: "llama", options: ["--max-tokens", "6"]),
    DeviceCommand(name: "generate", model: "llama", options: ["--max-tokens", "6", "--stream"]),
    DeviceCommand(name: "embed", model: "bert", options: ["--pooling", "max"]),
    DeviceCommand(name: "classify", model: "bert-classes", options: []),
    DeviceCommand(name: "fill", model: "bert-masked", options: []),
    DeviceCommand(name: "score", model: "llama", options: []),
    DeviceCommand(name: "tokenize", model: "bert", options: []),
  ]

  var testDescription: String { ([name, model] + options).joined(separator: " ") }

  /// The program's arguments, with the model, or with another file in its place.
  func arguments(_ path: String? = nil) throws -> [String] {
    [name, try path ?? FamilyModel.named(model).path] + options
  }

  /// The program and its arguments, for the shell.
  func words(_ path: String? = nil) throws -> [String] { [Programs.testedDevice] + (try arguments(path)) }

  /// Lines that every command takes, as many as wanted.
  static func lines(_ count: Int) -> [UInt8] {
    (0..<count).flatMap { Array("\(FamilyModel.lines[$0 % 3])\n".utf8) }
  }

  /// What it writes for so many lines when nothing is wrong.
  func expected(_ count: Int) throws -> [UInt8] {
    let finished = try run(Programs.testedDevice, arguments(), input: Self.lines(count))
    #expect(finished.status == 0 && finished.errors == "", "\(finished.errors)")
    return finished.output
  }
}
