import Foundation
import SourcesTestSupport
import Testing

/// Signals in the middle of the work.
@Suite struct SignalFaultTests {
  /// Stopping, going on, and signals that mean nothing to the program.
  @Test(arguments: DeviceCommand.all) func interruptionsChangeNothing(command: DeviceCommand) throws {
    let input = Pipe()
    let running = try Running(Programs.testedDevice, command.arguments(), input: input)
    let lines = DeviceCommand.lines(60)
    for start in stride(from: 0, to: lines.count, by: 40) {
      try? input.fileHandleForWriting.write(contentsOf: Data(lines[start..<min(start + 40, lines.count)]))
      for signal in [SIGWINCH, SIGSTOP, SIGURG, SIGCONT, SIGCHLD] {
        running.send(signal)
        usleep(500)
      }
    }
    try input.fileHandleForWriting.close()
    let ended = try running.finish()
    #expect(try ended.status == 0 && ended.errors == "" && ended.output == command.expected(60))
  }

  /// Interrupted calls, and calls that do less than they were asked for.
  @Test(
    .enabled(if: Needs.preloads, "NOT TESTED: nothing can be preloaded into a static program"),
    arguments: DeviceCommand.all, ["read", "write"])
  func interruptedCallsGoOn(command: DeviceCommand, calls: String) throws {
    let lines = DeviceCommand.lines(3)
    for fault in ["once", "slow"] {
      for call in 1...(try Injection.count(Programs.testedDevice, command.arguments(), calls, input: lines)) {
        let ended = try run(
          Programs.testedDevice, command.arguments(), input: lines,
          environment: Injection.environment(fault, calls, at: call))
        #expect(try ended.status == 0 && ended.errors == "" && ended.output == command.expected(3))
      }
    }
  }

  /// What was finished is written whole, and the exit says which signal it was.
  @Test(arguments: DeviceCommand.all, [SIGTERM, SIGINT, SIGHUP])
  func aSignalThatEndsItLosesNothing(command: DeviceCommand, signal: Int32) throws {
    let waiting = Pipe()
    let patient = try Running(Programs.testedDevice, command.arguments(), input: waiting)
    let batch = command.options.contains("--batch") ? 3 : 2
    try? waiting.fileHandleForWriting.write(
      contentsOf: Data(DeviceCommand.lines(batch)) + Data("half a l".utf8))
    let expected = try command.expected(batch)
    for _ in 0..<5000 where patient.outputSoFar.count < expected.count { usleep(2000) }
    patient.send(signal)
    let ended = try patient.finish()
    #expect(ended.status == -signal && ended.output == expected && ended.errors == "")

    let directory = try TemporaryDirectory()
    let many = try directory.write(DeviceCommand.lines(90_000), to: "lines")
    let busy = try Running(
      Programs.testedDevice, command.arguments(), input: FileHandle(forReadingAtPath: many))
    while busy.outputSoFar.isEmpty, busy.process.isRunning { usleep(500) }
    usleep(20_000)
    busy.send(signal)
    let cut = try busy.finish()
    #expect(cut.status == -signal)
    let pattern = try command.expected(3)
    #expect(
      cut.output.count > 0 && cut.output.indices.allSatisfy { cut.output[$0] == pattern[$0 % pattern.count] })
  }
}
