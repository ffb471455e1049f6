import Foundation
import SourcesTestSupport
import Testing

/// The converter when the system lets it down: its target is the old file or the new one, whole.
@Suite struct ConverterFaultTests {
  /// A conversion to a file that is there already.
  private struct Conversion {
    let directory: TemporaryDirectory
    let arguments: [String]
    let old, new: [UInt8]
    var target: String { "\(directory.path)/model.swiftlet" }

    init() throws {
      let source = try FamilyModel.marian()
      directory = try TemporaryDirectory()
      let target = "\(directory.path)/model.swiftlet"
      let words = [source, "-o", target, "--quiet"]
      arguments = words
      let versions = try [["--name", "old"], [String]()].map { options in
        #expect(try run(Programs.converter, words + options).status == 0)
        return try [UInt8](Data(contentsOf: URL(fileURLWithPath: target)))
      }
      (old, new) = (versions[0], versions[1])
      #expect(old != new)
      try putOld()
    }

    func putOld() throws { try directory.write(old, to: "model.swiftlet") }

    var content: [UInt8] { get throws { try [UInt8](Data(contentsOf: URL(fileURLWithPath: target))) } }

    /// What lies beside the target.
    var others: [String] {
      get throws {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0 != "model.swiftlet" }
      }
    }
  }

  @Test(arguments: ["kill", "half"]) func endedAtAnyCallItLeavesAWholeFile(fault: String) throws {
    let conversion = try Conversion()
    let count = try Injection.count(Programs.converter, conversion.arguments, "write")
    #expect(count > 20)
    var found: Set<Bool> = []
    for call in 1...count {
      try conversion.putOld()
      let ended = try run(
        Programs.converter, conversion.arguments,
        environment: try Injection.environment(fault, "write", at: call))
      #expect(ended.status == -SIGKILL, "call \(call)")
      let content = try conversion.content
      #expect(content == conversion.old || content == conversion.new, "call \(call)")
      found.insert(content == conversion.new)
      let others = try conversion.others
      #expect(others.allSatisfy { $0.wholeMatch(of: /model\.swiftlet\.[0-9]+\.tmp/) != nil }, "\(others)")
      if call % 8 != 0 && call != count {
        for name in others {
          try FileManager.default.removeItem(atPath: "\(conversion.directory.path)/\(name)")
        }
        continue
      }
      let again = try run(Programs.converter, conversion.arguments)
      #expect(again.status == 0 && again.errors == "")
      #expect(try conversion.content == conversion.new, "call \(call)")
      for name in try conversion.others {
        try FileManager.default.removeItem(atPath: "\(conversion.directory.path)/\(name)")
      }
    }
    #expect(found == [false, true])
  }

  /// No space left (28), an I/O error (5), a quota (122); no memory for a mapping (12).
  @Test(arguments: [
    ("28", "write", 1), ("5", "write", 5), ("122", "write", 9), ("12", "map", 1), ("5", "read", 1),
  ])
  func anErrorOfAnyCallIsOneLine(error: String, calls: String, step: Int) throws {
    let conversion = try Conversion()
    let count = try Injection.count(Programs.converter, conversion.arguments, calls)
    for call in stride(from: 1, through: count, by: step) {
      try conversion.putOld()
      let ended = try run(
        Programs.converter, conversion.arguments,
        environment: try Injection.environment(error, calls, at: call))
      let content = try conversion.content
      if ended.status == 0 {
        // A call whose failure is of no consequence: taking away what is not there, syncing the directory.
        #expect(ended.errors == "" && content == conversion.new, "call \(call)")
      } else {
        #expect(ended.isTypedError && content == conversion.old, "call \(call): \(ended)")
      }
      #expect(try conversion.others == [], "call \(call)")
    }
  }

  @Test(arguments: ["write", "read"]) func interruptedAndSlowCallsGoOn(calls: String) throws {
    let conversion = try Conversion()
    let count = try Injection.count(Programs.converter, conversion.arguments, calls)
    for call in stride(from: 1, through: count, by: 5) {
      try conversion.putOld()
      let ended = try run(
        Programs.converter, conversion.arguments,
        environment: try Injection.environment("once", calls, at: call))
      #expect(ended.status == 0 && ended.errors == "", "call \(call): \(ended)")
      #expect(try conversion.content == conversion.new && conversion.others == [], "call \(call)")
    }
  }

  /// What becomes of the source while the converter has stopped at a write.
  @Test(arguments: [
    (": > \"$0\"", "a page of it is gone: the file was cut short, or its disk failed"),
    ("truncate -s -1 \"$0\"", "it was changed while it was read"),
    ("printf x >> \"$0\"", "it was changed while it was read"),
    ("printf x | dd of=\"$0\" bs=1 seek=9000 conv=notrunc", "it was changed while it was read"),
    ("cp \"$0\" \"$0.other\" && mv \"$0.other\" \"$0\"", "it was changed while it was read"),
    ("rm \"$0\"", "it was changed while it was read"),
  ])
  func aSourceThatChangesIsAnError(change: String, reason: String) throws {
    let conversion = try Conversion()
    let source = try TemporaryDirectory()
    try TinyMarian().writeWithText(to: source)
    let weights = "\(source.path)/model.safetensors"
    let running = try Running(
      Programs.converter, [source.path] + conversion.arguments.dropFirst(),
      environment: try Injection.environment("stop", "write", at: 12))
    try #require(try running.waitUntilStopped())
    #expect(try shell("{ \(change); } 2>/dev/null", [weights]).status == 0)
    running.send(SIGCONT)
    let ended = try running.finish()
    #expect(ended.errors == "swiftlet-convert: error: \(weights): \(reason)\n" && ended.status == 1)
    #expect(try conversion.content == conversion.old && conversion.others == [])
  }

  /// A file that is opened while a stream is closed gets the stream's number: nothing may be written there by mistake.
  @Test(arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]) func closedStreamsChangeNothing(closed: String)
    throws
  {
    let conversion = try Conversion()
    let ended = try shell("exec \"$0\" \"$@\" \(closed)", [Programs.converter] + conversion.arguments)
    #expect(ended.status == 0 && ended.errors == "" && ended.output == [])
    #expect(try conversion.content == conversion.new && conversion.others == [])
    let loud = conversion.arguments.filter { $0 != "--quiet" }
    let told = try shell("exec \"$0\" \"$@\" \(closed)", [Programs.converter] + loud)
    #expect(told.status == ([">&-", "<&- >&- 2>&-"].contains(closed) ? 1 : 0), "\(told)")
    #expect(try conversion.content == conversion.new && conversion.others == [])
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aSignalEndsItAndTakesTheTemporaryFileAway(signal: Int32) throws {
    let conversion = try Conversion()
    let running = try Running(
      Programs.converter, conversion.arguments,
      environment: try Injection.environment("stop", "write", at: 12))
    try #require(try running.waitUntilStopped())
    running.send(signal)
    running.send(SIGCONT)
    let ended = try running.finish()
    #expect(ended.status == -signal)
    #expect(try conversion.content == conversion.old && conversion.others == [])
  }
}
