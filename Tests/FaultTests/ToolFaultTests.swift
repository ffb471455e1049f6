import Foundation
import SourcesTestSupport
import Testing

/// The verifier and the maker of shortlists when the system lets them down.
@Suite struct ToolFaultTests {
  /// A tool that writes one file.
  struct Tool: Sendable, CustomTestStringConvertible {
    let name: String
    let program: String
    let arguments: @Sendable (_ model: FamilyModel, _ text: String, _ output: String) -> [String]
    var testDescription: String { name }
  }

  static let tools = [
    Tool(name: "shortlist", program: Programs.shortlist) { [$0.path, $1, "-o", $2, "--quiet"] },
    verifier("--json"), verifier("--html"), verifier("--junit"), verifier("--resume"),
  ]

  private static func verifier(_ option: String) -> Tool {
    // Without limits that random weights could fail.
    Tool(name: "verify \(option)", program: Programs.verifier) {
      [$0.source, $0.path, "--text", $1, "--quiet", option, $2, "--max-kl", "1e9", "--min-same-top", "0"]
    }
  }

  private let directory: TemporaryDirectory
  private let text, output: String

  init() throws {
    directory = try TemporaryDirectory()
    text = try directory.write("a b\tb a\nh e l l o\tw o\n", to: "text")
    output = "\(directory.path)/output"
  }

  private func arguments(_ tool: Tool) throws -> [String] {
    tool.arguments(try FamilyModel.named("bart"), text, output)
  }

  /// What is at the output's place, if anything.
  private var content: Data? { FileManager.default.contents(atPath: output) }

  /// What lies in the directory beside text and output.
  private var others: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: directory.path).filter {
        $0 != "text" && $0 != "output"
      }
    }
  }

  @Test(arguments: tools) func endedAtAnyCallItLeavesAWholeFile(tool: Tool) throws {
    let arguments = try arguments(tool)
    let count = try Injection.count(tool.program, arguments, "write")
    let whole = try #require(content)
    for call in 1...count {
      try? FileManager.default.removeItem(atPath: output)
      let ended = try run(
        tool.program, arguments, environment: Injection.environment("kill", "write", at: call))
      #expect(ended.status == -SIGKILL)
      #expect(content == nil || tool.name.contains("verify") || content == whole, "call \(call)")
      #expect(content == nil || content?.count == whole.count || tool.name.contains("resume"), "call \(call)")
      for name in try others { try FileManager.default.removeItem(atPath: "\(directory.path)/\(name)") }
    }
  }

  @Test(arguments: tools, [("28", "write"), ("5", "write"), ("12", "map")])
  func anErrorOfAnyCallIsOneLine(tool: Tool, fault: (String, String)) throws {
    let arguments = try arguments(tool)
    let status = try run(tool.program, arguments).status
    #expect(status == 0)
    for call in 1...(try Injection.count(tool.program, arguments, fault.1)) {
      try? FileManager.default.removeItem(atPath: output)
      let ended = try run(
        tool.program, arguments, environment: Injection.environment(fault.0, fault.1, at: call))
      #expect(ended.status == 0 || ended.isTypedError, "call \(call): \(ended)")
      #expect(try others == [], "call \(call)")
    }
  }

  @Test(arguments: tools) func placesThatCantBeWrittenAreErrors(tool: Tool) throws {
    let model = try FamilyModel.named("bart")
    for output in ["\(directory.path)/missing/file", directory.path] {
      let ended = try run(tool.program, tool.arguments(model, text, output))
      #expect(ended.isTypedError && ended.errors.contains(output), "\(ended)")
    }
    for missing in ["\(directory.path)/missing", directory.path] {
      let ended = try run(tool.program, tool.arguments(model, missing, output))
      #expect(ended.isTypedError && ended.errors.contains(missing), "\(ended)")
    }
    let full = try shell("exec \"$0\" \"$@\" >/dev/full", [tool.program] + arguments(tool))
    #expect(full.status == 1 && full.errors.contains("standard output: No space left on device"), "\(full)")
    let closed = try shell("exec \"$0\" \"$@\" <&- >&- 2>&-", [tool.program] + arguments(tool))
    #expect(closed.status == 1)
  }

  /// The model, or the source, is cut short after it was opened.
  @Test(arguments: tools) func filesThatAreCutShortAreErrors(tool: Tool) throws {
    let model = try FamilyModel.named("bart")
    let (source, copy) = (try TemporaryDirectory(), "\(directory.path)/model")
    try FamilyGolden("bart").writeWithText(to: source)
    try FileManager.default.copyItem(atPath: model.path, toPath: copy)
    let arguments = tool.arguments(FamilyModel(source: source.path, path: copy), text, output)
    let files = tool.name == "shortlist" ? [copy] : [copy, "\(source.path)/model.safetensors"]
    for file in files {
      let bytes = try #require(FileManager.default.contents(atPath: file))
      for call in 1...(try Injection.count(tool.program, arguments, "map")) {
        let running = try Running(
          tool.program, arguments, environment: Injection.environment("stop", "map", at: call))
        #expect(try running.waitUntilStopped())
        try FileHandle(forWritingTo: URL(fileURLWithPath: file)).truncate(atOffset: 100)
        running.send(SIGCONT)
        let ended = try running.finish()
        // Where the file was read already, or its pages that are left are all that is read, nothing is amiss.
        #expect(
          ended.status == 0 && ended.errors == "" || ended.isTypedError && ended.errors.contains(file),
          "call \(call): \(ended)")
        try bytes.write(to: URL(fileURLWithPath: file))
        try? FileManager.default.removeItem(atPath: output)
      }
    }
  }
}
