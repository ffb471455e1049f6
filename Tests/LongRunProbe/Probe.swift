import Foundation
import SourcesTestSupport
import SwiftletConversion

/// What tools/long-run needs beside the programs:
///
/// - `models FOLDER`: writes tiny models with random weights, one for each kind of task.
/// - `shared MODEL LINES`: runs four workspaces over one model, each on a thread of its own, for so many lines.
@main struct Probe {
  static func main() throws {
    let arguments = CommandLine.arguments
    switch arguments.dropFirst().first {
    case "models" where arguments.count == 3: try writeModels(to: arguments[2])
    case "shared" where arguments.count == 4: try SharedRun.run(model: arguments[2], lines: Int(arguments[3]) ?? 0)
    default:
      FileHandle.standardError.write(Data("usage: long-run-probe models FOLDER | shared MODEL LINES\n".utf8))
      exit(2)
    }
  }

  private static func writeModels(to folder: String) throws {
    for name in ["bart", "llama", "bert", "bert-classes", "bert-masked"] {
      let directory = try TemporaryDirectory()
      try FamilyGolden(name).writeWithText(to: directory)
      _ = try Converter.convert(directory.path, to: "\(folder)/\(name).swiftlet")
    }
  }
}
