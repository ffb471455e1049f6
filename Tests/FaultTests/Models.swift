import Foundation
import SourcesTestSupport
import Testing

/// A tiny model of a family with random weights.
struct TinyModel: Sendable {
  /// The floats, and the model that they were converted to.
  let source, path: String

  private static let all: [String: TinyModel] = {
    var models: [String: TinyModel] = [:]
    for name in ["bart", "llama", "bert", "bert-classes", "bert-masked"] {
      guard let directory = try? TemporaryDirectory(), let golden = try? FamilyGolden(name) else { continue }
      try? golden.writeWithText(to: directory)
      let path = "\(directory.path)/\(name).swiftlet"
      _ = try? run(Programs.converter, [directory.path, "-o", path, "--quiet"])
      models[name] = TinyModel(source: directory.path, path: path)
    }
    return models
  }()

  /// A directory that takes little time to convert: its tokenizer needs no tables of Unicode.
  static func marian() throws -> String {
    let directory = try TemporaryDirectory()
    try TinyMarian().writeWithText(to: directory)
    return directory.path
  }

  static func named(_ name: String) throws -> TinyModel { try #require(all[name]) }
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
    [name, try path ?? TinyModel.named(model).path] + options
  }

  /// The program and its arguments, for the shell.
  func words(_ path: String? = nil) throws -> [String] { [Programs.device] + (try arguments(path)) }

  /// Lines that every command takes, as many as wanted.
  static func lines(_ count: Int) -> [UInt8] {
    let lines = ["a b\tc [MASK]", "h e l l o [MASK]\tw o", "b\ta [MASK] a"]
    return (0..<count).flatMap { Array("\(lines[$0 % 3])\n".utf8) }
  }

  /// What it writes for so many lines when nothing is wrong.
  func expected(_ count: Int) throws -> [UInt8] {
    let finished = try run(Programs.device, arguments(), input: Self.lines(count))
    #expect(finished.status == 0 && finished.errors == "", "\(finished.errors)")
    return finished.output
  }
}
