import Foundation
import SourcesTestSupport
import Testing

/// Limits of the system that are too small.
@Suite(.enabled(if: Needs.limits, "NOT TESTED: prlimit or setpriv is missing")) struct LimitFaultTests {
  /// What a program without its libraries' files or memory says is not its own.
  private func isLoadersError(_ finished: Finished) -> Bool {
    finished.status == 127
  }

  /// Runs a command over three lines under a limit of prlimit's.
  private func limited(
    _ command: DeviceCommand, _ limit: String, _ options: [String] = []
  ) throws -> Finished {
    let words = ["prlimit", "--\(limit)"] + (try command.words()) + options
    return try shell("exec \"$0\" \"$@\"", words, input: DeviceCommand.lines(3))
  }

  private func check(_ finished: Finished, _ command: DeviceCommand, _ what: String) throws {
    if finished.status == 0 {
      #expect(try finished.output == command.expected(3) && finished.errors == "", "\(what)")
    } else {
      #expect(finished.isTypedError || isLoadersError(finished), "\(what): \(finished)")
      #expect(finished.output == [])
    }
  }

  @Test(arguments: DeviceCommand.all) func fewOpenFilesAreAnErrorOrEnough(command: DeviceCommand) throws {
    for count in 0...5 { try check(limited(command, "nofile=\(count)"), command, "\(count) files") }
    #expect(try limited(command, "nofile=4").status == 0)
  }

  /// The fewest pages of address space, from `first` on, with which something works.
  private static func leastPages(from first: Int, _ works: (_ bytes: Int) throws -> Bool) rethrows -> Int {
    var (least, most) = (first - 1, 65_536)
    while least + 1 < most {
      let middle = (least + most) / 2
      if try works(middle * page) { most = middle } else { least = middle }
    }
    return most
  }

  private static let page = 4096

  /// What the loader and Swift's runtime take, in pages: they end any program that has less.
  private static let leastToStart = Result {
    try leastPages(from: 100) { bytes in
      try shell("exec \"$0\" \"$@\"", ["prlimit", "--as=\(bytes)", Programs.testedDevice, "--version"]).status
        == 0
    }
  }

  /// From what a program needs to start at all to enough; near the edge, page by page.
  @Test(arguments: DeviceCommand.all) func littleAddressSpaceIsAnErrorOrEnough(command: DeviceCommand) throws
  {
    let (least, page) = (try Self.leastToStart.get(), Self.page)
    let most = try Self.leastPages(from: least) { bytes in
      let finished = try limited(command, "as=\(bytes)")
      try check(finished, command, "\(bytes) bytes")
      return finished.status == 0
    }
    #expect(least < most)
    for pages in max(least, most - 8)...most + 1 {
      let finished = try limited(command, "as=\(pages * page)")
      try check(finished, command, "\(pages) pages")
      #expect((finished.status == 0) == (pages >= most), "\(pages) of \(most) pages")
    }
    let missing = try limited(command, "as=\((most - 1) * page)")
    #expect(missing.errors.contains("Cannot allocate memory"), "\(missing)")
  }

  @Test(arguments: DeviceCommand.all) func aSmallStackIsAnErrorOrEnough(command: DeviceCommand) throws {
    for size in [256, 264, 320, 512, 1024, 4096] {
      #expect(try limited(command, "stack=\(size << 10)").status == 0, "\(size) KB")
    }
    for size in [64, 96, 128, 192, 252] {
      let ended = try limited(command, "stack=\(size << 10)")
      #expect(
        ended.errors
          == "swiftlet: error: the stack may have \(size << 10) bytes, needed are 262144; raise ulimit -s\n",
        "\(ended)")
      #expect(ended.status == 1)
    }
    // A command line that takes as much of it as the system lets one.
    let words = (0..<1200).map { _ in String(repeating: "a ", count: 40) }
    let most = try limited(command, "stack=262144", words)
    #expect(
      most.status == 0 || most.complaints.allSatisfy { $0.hasPrefix("swiftlet: error: ") }, "\(most.status)")
    #expect(most.status >= 0)
  }

  /// As another user: the system's own may have as many threads as they want.
  @Test(
    .enabled(if: Needs.isRoot, "NOT TESTED: becoming another user needs root"),
    arguments: DeviceCommand.all.filter { $0.name != "tokenize" })
  func threadsThatCantStartAreAnError(command: DeviceCommand) throws {
    let directory = try TemporaryDirectory()
    let model = "\(directory.path)/model"
    try FileManager.default.copyItem(atPath: FamilyModel.named(command.model).path, toPath: model)
    #expect(try shell("chmod 755 \"$0\" \"$0/..\"; chmod 644 \"$0/model\"", [directory.path]).status == 0)
    let words =
      ["setpriv", "--reuid=4242", "--clear-groups", "prlimit", "--nproc=2"] + (try command.words(model))
      + ["--threads", "4"]
    let ended = try shell("exec \"$0\" \"$@\"", words, input: DeviceCommand.lines(3))
    #expect(
      ended.errors
        == "swiftlet: error: \(model): cannot start a thread: Resource temporarily unavailable; lower --threads\n"
    )
    #expect(ended.status == 1 && ended.output == [])
  }

  @Test(arguments: [
    ("nofile", Array(0...12)), ("fsize", [4096, 16384]), ("stack", [512 << 10, 1 << 20]),
    ("as", [4 << 20, 16 << 20, 64 << 20, 256 << 20]),
    ("data", [1 << 20, 4 << 20, 8 << 20, 16 << 20, 64 << 20]),
  ])
  func theConverterTakesLimitsForErrors(limit: String, values: [Int]) throws {
    for value in values {
      let (ended, isThere) = try convert(["prlimit", "--\(limit)=\(value)"])
      // Swift's runtime ends a program that there is no memory for.
      let mayEnd = limit == "as" || limit == "data"
      #expect(
        ended.status == 0 || ended.isTypedError || isLoadersError(ended) || mayEnd && ended.status < 0,
        "\(limit) \(value): \(ended)")
      #expect(isThere == (ended.status == 0))
    }
  }

  /// Without threads it takes longer.
  @Test(.enabled(if: Needs.isRoot, "NOT TESTED: becoming another user needs root"), arguments: [0, 1, 2, 3])
  func theConverterNeedsNoThreads(count: Int) throws {
    let (ended, isThere) = try convert(
      ["setpriv", "--reuid=4243", "--clear-groups", "prlimit", "--nproc=\(count)"])
    #expect(ended.status == 0 && isThere, "\(ended)")
  }

  /// Converts under a limit, in a directory that any user may write to. Says whether there is a file after it.
  private func convert(_ limit: [String]) throws -> (Finished, isThere: Bool) {
    let directory = try TemporaryDirectory()
    let source = try FamilyModel.marian()
    #expect(try shell("chmod 777 \"$0\"; chmod 755 \"$0/..\"", [directory.path]).status == 0)
    let target = "\(directory.path)/model.swiftlet"
    let ended = try shell(
      "exec \"$0\" \"$@\"", limit + [Programs.converter, source, "-o", target, "--quiet"])
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
    let isThere = names.contains("model.swiftlet")
    #expect(ended.status < 0 || names.count == (isThere ? 1 : 0), "\(names)")
    return (ended, isThere)
  }
}
