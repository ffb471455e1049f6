import Foundation
import SourcesTestSupport
import Testing

/// Standard input and output that are closed, full, slow, or not what they should be.
@Suite struct StreamFaultTests {
  @Test(arguments: DeviceCommand.all) func closedStreamsAreErrors(command: DeviceCommand) throws {
    let input = DeviceCommand.lines(3)
    let noInput = try shell("exec \"$0\" \"$@\" <&-", command.words())
    #expect(noInput.errors == "swiftlet: error: standard input: cannot read: Bad file descriptor\n")
    #expect(noInput.status == 1 && noInput.output == [])
    let noOutput = try shell("exec \"$0\" \"$@\" >&-", command.words(), input: input)
    #expect(noOutput.errors == "swiftlet: error: standard output: cannot write: Bad file descriptor\n")
    #expect(noOutput.status == 1)
    let noErrors = try shell("exec \"$0\" \"$@\" 2>&-", command.words(), input: input)
    #expect(try noErrors.status == 0 && noErrors.output == command.expected(3))
    for closed in ["<&- >&- 2>&-", "<&- 2>&-", ">&- 2>&-", "<&- >&-"] {
      let nothing = try shell("exec \"$0\" \"$@\" \(closed)", command.words(), input: input)
      #expect(nothing.status == 1 && nothing.output == [], "\(closed)")
    }
  }

  @Test(arguments: DeviceCommand.all) func aFullDiskIsAnError(command: DeviceCommand) throws {
    let full = try shell("exec \"$0\" \"$@\" >/dev/full", command.words(), input: DeviceCommand.lines(3))
    #expect(full.errors == "swiftlet: error: standard output: cannot write: No space left on device\n")
    #expect(full.status == 1)
  }

  /// A file system that fills up: what is in the file then is the beginning of what should be there.
  @Test(.enabled(if: Needs.mounts, "NOT TESTED: mounts need root"), arguments: DeviceCommand.all)
  func aDiskThatFillsUpIsAnError(command: DeviceCommand) throws {
    let directory = try TemporaryDirectory()
    let full = try shell(
      """
      mount -t tmpfs -o size=4k none "$0" && "$@" >"$0/output"; status=$?; cat "$0/output"; exit $status
      """, [directory.path] + command.words(), input: DeviceCommand.lines(3000), isolated: true)
    #expect(full.errors == "swiftlet: error: standard output: cannot write: No space left on device\n")
    #expect(
      try full.status == 1 && full.output.count == 4096 && command.expected(3000).starts(with: full.output))
  }

  @Test(arguments: DeviceCommand.all) func aFileThatMayNotGrowIsAnError(command: DeviceCommand) throws {
    let directory = try TemporaryDirectory()
    let ended = try shell(
      "ulimit -f 1; exec \"$@\" >\"$0/output\"", [directory.path] + command.words(),
      input: DeviceCommand.lines(3000))
    #expect(ended.errors == "swiftlet: error: standard output: cannot write: File too large\n")
    #expect(ended.status == 1)
  }

  @Test(arguments: DeviceCommand.all) func inputThatCantBeReadIsAnError(command: DeviceCommand) throws {
    let directory = try shell("exec \"$0\" \"$@\" </", command.words())
    #expect(directory.errors == "swiftlet: error: standard input: cannot read: Is a directory\n")
    #expect(directory.status == 1)
  }

  /// A byte at a time, half lines with pauses between them, and streams that don't wait for their other end.
  @Test(arguments: DeviceCommand.all, ["slow", "halves", "nonblocking"])
  func slowStreamsChangeNothing(command: DeviceCommand, kind: String) throws {
    let input = Pipe()
    let output = Pipe()
    if kind == "nonblocking" {
      for end in [input.fileHandleForReading, output.fileHandleForWriting] {
        _ = fcntl(end.fileDescriptor, F_SETFL, O_NONBLOCK)
      }
      // One page, so that it is full at once.
      _ = fcntl(output.fileHandleForWriting.fileDescriptor, 1031, 4096)
    }
    let count = kind == "nonblocking" ? 300 : 6
    let running = try Running(Programs.testedDevice, command.arguments(), input: input, output: output)
    try output.fileHandleForWriting.close()
    try input.fileHandleForReading.close()
    let writer = Thread {
      let lines = DeviceCommand.lines(count)
      let step = kind == "slow" ? 1 : kind == "halves" ? 7 : lines.count
      for start in stride(from: 0, to: lines.count, by: step) {
        try? input.fileHandleForWriting.write(contentsOf: Data(lines[start..<min(start + step, lines.count)]))
        if kind == "halves" { usleep(2000) }
      }
      try? input.fileHandleForWriting.close()
    }
    if kind == "nonblocking" { usleep(100_000) }  // The program finds nothing to read.
    writer.start()
    if kind == "nonblocking" { usleep(100_000) }  // It finds no room to write.
    var found: [UInt8] = []
    while true {
      let bytes = output.fileHandleForReading.readData(ofLength: kind == "slow" ? 1 : 4096)
      if bytes.isEmpty { break }
      found += bytes
    }
    let ended = try running.finish()
    #expect(ended.status == 0 && ended.errors == "")
    #expect(try found == command.expected(count))
  }

  /// Half a line is not taken for a whole one: its result comes when the rest has.
  @Test(arguments: DeviceCommand.all.filter { !$0.options.contains("--batch") })
  func halfALineWaitsForTheRest(command: DeviceCommand) throws {
    let input = Pipe()
    let running = try Running(Programs.testedDevice, command.arguments(), input: input)
    try? input.fileHandleForWriting.write(contentsOf: Data("a b\tc [MASK]\nh e l l".utf8))
    let first = try command.expected(1)
    for _ in 0..<5000 where running.outputSoFar.count < first.count { usleep(2000) }
    #expect(running.outputSoFar == first)
    try? input.fileHandleForWriting.write(contentsOf: Data(" o [MASK]\tw o\n".utf8))
    try input.fileHandleForWriting.close()
    #expect(try running.finish().output == command.expected(2))
  }

  @Test(arguments: DeviceCommand.all) func aReaderThatGoesAwayIsAQuietEnd(command: DeviceCommand) throws {
    let ended = try shell(
      "\"$0\" \"$@\" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", command.words(),
      input: DeviceCommand.lines(30_000))
    #expect(ended.status == 1 && ended.errors == "")
  }

  @Test(arguments: DeviceCommand.all) func binaryInputAndZerosAreLines(command: DeviceCommand) throws {
    var generator = Seeded(17, test: "binary input")
    let noise = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let binary = try run(Programs.testedDevice, command.arguments(), input: noise)
    #expect(binary.status == 1 || binary.status == 0)
    #expect(binary.complaints.allSatisfy { $0.hasPrefix("swiftlet: error: line ") })
    let zeros = try run(Programs.testedDevice, command.arguments(), input: Array("a\0b\t\0[MASK]\n\0\n".utf8))
    #expect(zeros.status == 1 || zeros.status == 0)
    #expect(zeros.complaints.allSatisfy { $0.hasPrefix("swiftlet: error: line ") })
    // Neither keeps the lines that follow from their results.
    let after = try run(
      Programs.testedDevice, command.arguments(), input: noise + [0x0A] + DeviceCommand.lines(2))
    #expect(try after.output.suffix(command.expected(2).count).elementsEqual(command.expected(2)))
  }

  @Test(arguments: DeviceCommand.all) func aLineOf100MBIsAnErrorInTheSameMemory(command: DeviceCommand) throws
  {
    let ended = try shell(
      """
      { head -c 100000000 /dev/zero | tr '\\0' a; echo; cat; } | "$0" "$@"
      """, command.words(), input: DeviceCommand.lines(2))
    #expect(ended.status == 1)
    #expect(ended.complaints.count == 1, "\(ended.errors.prefix(300))")
    #expect(ended.errors.hasPrefix("swiftlet: error: line 1: too long: 100000000 bytes, at most "))
    #expect(try ended.output.suffix(command.expected(2).count).elementsEqual(command.expected(2)))
  }
}
