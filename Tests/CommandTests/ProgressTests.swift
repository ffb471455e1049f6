import Foundation
import Glibc
import SourcesTestSupport
import Testing

/// How far a long run is: on a terminal, while the output goes elsewhere.
@Suite struct ProgressTests {
  /// What a run writes to a terminal that is its standard error.
  private func terminalText(_ options: [String]) throws -> String {
    let directory = try TemporaryDirectory()
    let lines = try sentences(1000)
    let input = try directory.write(
      (0..<2).map { _ in lines.joined(separator: "\n") + "\n" }.joined(), to: "in")
    let output = try directory.write("", to: "out")
    var (primary, secondary): (Int32, Int32) = (-1, -1)
    try unsafe #require(openpty(&primary, &secondary, nil, nil, nil) == 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Programs.device)
    process.arguments = ["translate", EnFr.path] + options
    process.standardInput = FileHandle(forReadingAtPath: input)
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(fileDescriptor: secondary)
    try process.run()
    process.waitUntilExit()
    // What the terminal has taken; nobody reads it meanwhile, and it is little.
    _ = fcntl(primary, F_SETFL, O_NONBLOCK)
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe read(primary, &bytes, bytes.count)
    close(primary)
    close(secondary)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test func aTerminalShowsHowFarARunIs() throws {
    let text = try terminalText([])
    #expect(text.contains(" lines, ") && text.contains(" tokens/s, ") && text.contains(" left"))
    #expect(text.hasSuffix(" s\r\n") && text.contains("\u{1B}[K2000 lines, "))
    #expect(try terminalText(["--quiet"]) == "")
  }
}
