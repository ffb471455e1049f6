import Foundation
import Glibc
import SourcesTestSupport
import Testing

/// A clock that runs backwards: no result depends on it, and nothing waits for it.
@Suite(.enabled(if: Needs.preloads, "NOT TESTED: nothing can be preloaded into a static program"))
struct ClockFaultTests {
  @Test(arguments: DeviceCommand.all) func resultsAreTheSame(command: DeviceCommand) throws {
    let threads =
      command.name == "tokenize" || command.options.contains("--threads") ? [] : ["--threads", "3"]
    let ended = try run(
      Programs.testedDevice, command.arguments() + threads, input: DeviceCommand.lines(30),
      environment: Injection.environment("back", "write"))
    #expect(try ended.status == 0 && ended.errors == "" && ended.output == command.expected(30))
  }

  /// The line that shows how far a run is, on a terminal.
  @Test(arguments: DeviceCommand.all) func progressIsShownOrNot(command: DeviceCommand) throws {
    let directory = try TemporaryDirectory()
    let input = try directory.write(DeviceCommand.lines(300), to: "lines")
    var (primary, secondary): (Int32, Int32) = (-1, -1)
    unsafe try #require(openpty(&primary, &secondary, nil, nil, nil) == 0)
    defer {
      close(primary)
      close(secondary)
    }
    let terminal = unsafe String(cString: ttyname(secondary))
    let clock = try Injection.environment("back", "write").map { "\($0.key)=\($0.value)" }
    let ended = try shell(
      "exec env \"${@:2}\" <\"$0\" 2>\"$1\"", [input, terminal] + clock + command.words())
    #expect(try ended.status == 0 && ended.output == command.expected(300))
  }

  @Test func theToolsGoOn() throws {
    let model = try FamilyModel.named("bart")
    let directory = try TemporaryDirectory()
    let text = try directory.write("a b\nb a\n", to: "text")
    let back = try Injection.environment("back", "write")
    let verified = try run(
      Programs.verifier, [model.source, model.path, "--text", text, "--quiet", "--json", "-"],
      environment: back)
    let plain = try run(
      Programs.verifier, [model.source, model.path, "--text", text, "--quiet", "--json", "-"])
    #expect(verified.status == plain.status && verified.errors == plain.errors)
    let target = "\(directory.path)/model"
    #expect(try run(Programs.converter, [model.source, "-o", target], environment: back).status == 0)
    #expect(FileManager.default.contentsEqual(atPath: target, andPath: model.path))
  }
}
