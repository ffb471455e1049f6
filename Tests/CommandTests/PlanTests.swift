import Foundation
import SourcesTestSupport
import Testing

/// `swiftlet plan` against what a run takes from the system.
@Suite(.serialized) struct PlanTests {
  /// What `plan --json` prints.
  struct Plan: Decodable {
    struct Part: Decodable {
      let name: String
      let offset: Int
      let bytes: Int
      let phases: Int
    }
    struct Arena: Decodable {
      let bytes: Int
      let mapping: Int
      let parts: [Part]
    }
    struct File: Decodable {
      let weights: Int
      let tokenizer: Int
      let bytes: Int
      let mapping: Int
    }
    let max_source: Int
    let max_target: Int?
    let file: File
    let arena: Arena
    let total: Int
  }

  static func plan(_ options: [String] = [], model: String = EnFr.path) throws -> Plan {
    let finished = try swiftlet(["plan", model, "--json"] + options)
    #expect(finished.status == 0 && finished.errors == "")
    return try JSONDecoder().decode(Plan.self, from: Data(finished.output))
  }

  @Test func theJSONAddsUp() throws {
    for model in EnFr.all {
      let plan = try Self.plan(model: model.path)
      let page = Int(sysconf(Int32(_SC_PAGESIZE)))
      let size = try FileManager.default.attributesOfItem(atPath: model.path)[.size] as? Int
      #expect(plan.file.bytes == size)
      #expect(plan.file.mapping == (plan.file.bytes + page - 1) / page * page)
      #expect(plan.arena.mapping == (plan.arena.bytes + page - 1) / page * page)
      #expect(plan.total == plan.file.mapping + plan.arena.mapping)
      #expect(plan.arena.bytes == plan.arena.parts.map { $0.offset + $0.bytes }.max())
      #expect(plan.file.weights + plan.file.tokenizer < plan.file.bytes)
    }
  }

  @Test func theTableSaysTheSame() throws {
    let plan = try Self.plan()
    let lines = try swiftlet(["plan", EnFr.path]).text.split(separator: "\n").map { $0.split(separator: " ") }
    func number(_ name: String) -> Int? {
      lines.first { $0.dropLast().joined(separator: " ") == name }?.last.flatMap { Int($0) }
    }
    #expect(number("total asked of the system") == plan.total)
    #expect(number("arena mapping") == plan.arena.mapping)
    #expect(number("file mapping") == plan.file.mapping)
    for part in plan.arena.parts where part.bytes > 0 { #expect(number(part.name) == part.bytes) }
  }

  @Test func lowerLimitsTakeLess() throws {
    let most = try Self.plan()
    let less = try Self.plan(["--max-source", "64", "--max-target", "32"])
    #expect(most.max_source == 256 && less.max_source == 64 && less.max_target == 32)
    #expect(less.arena.bytes < most.arena.bytes / 2)
  }

  /// Between opening the model and the last output: one mapping of the planned size, and nothing else.
  @Test(arguments: ["64", "32", "row"])
  func nothingIsAllocatedAndTheArenaIsThePlan(group: String) throws {
    let model = try #require(EnFr.all.first { $0.group == group }).path
    let lines = try sentences(group == "64" ? 1000 : 100)
    for options in [[], ["--json"]]
      + (group == "64" ? [["--digest"], ["--max-source", "100", "--max-target", "50"]] : [])
    {
      let report = try AllocationReport.of(["translate", model] + options, lines: lines)
      print("group \(group) \(options): \(report.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })")
      #expect(report["model_maps"] == 1)
      #expect(try #require(report["writes"]) >= (options == ["--digest"] ? 1 : lines.count))
      #expect(report["allocations_between_open_and_last_write"] == 0)
      #expect(report["frees"] == 0)
      #expect(report["anonymous_maps"] == 1)
      let plan = try Self.plan(options.filter { $0 != "--digest" && $0 != "--json" }, model: model)
      #expect(report["anonymous_map_bytes"] == plan.arena.bytes)
    }
  }

  /// Every way of choosing tokens: nothing is allocated, and what is mapped is what `plan` says for the same options.
  @Test(arguments: [
    ["--beam", "4"], ["--beam", "8", "--batch", "8"], ["--beam", "4", "--n-best", "4", "--patience", "2"],
    ["--beam", "4", "--coverage-penalty", "0.5"],
    ["--temperature", "1", "--seed", "1"], ["--top-k", "40"], ["--top-p", "0.9"], ["--min-p", "0.1"],
    ["--typical", "0.9", "--batch", "4"], ["--repetition-penalty", "1.2", "--presence-penalty", "0.5"],
    ["--frequency-penalty", "0.5"], ["--no-repeat-ngram", "2", "--min-tokens", "3"],
    ["--prefix", "Le", "--suppress", "chat", "--suppress", "le chien"], ["--stop", "sur", "--stop", "de la"],
    ["--align", "--batch", "3"], ["--align", "--beam", "2"], ["--draft", "3"],
  ])
  func nothingIsAllocatedHoweverTokensAreChosen(options: [String]) throws {
    let lines = try sentences(60)
    let outputs = options[0] == "--stop" ? [[], ["--json"], ["--stream"]] : [[], ["--json"]]
    for output in outputs {
      let report = try AllocationReport.of(["translate", EnFr.path] + options + output, lines: lines)
      #expect(report["model_maps"] == 1 && report["anonymous_maps"] == 1)
      #expect(try #require(report["writes"]) >= lines.count)
      #expect(report["allocations_between_open_and_last_write"] == 0 && report["frees"] == 0)
      #expect(try report["anonymous_map_bytes"] == Self.plan(options).arena.bytes)
    }
  }

  /// The process's private memory, while it waits for more lines: the arena, and what the Swift runtime and the C
  /// library take.
  @Test func privateMemoryIsTheArenaAndABase() throws {
    let base = 1536 * 1024
    let plan = try Self.plan()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Programs.device)
    process.arguments = ["translate", EnFr.path]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    let lines = try sentences(300)
    // The longest source and target, so that all of the arena is touched.
    let long = repeatElement("cat", count: 255).joined(separator: " ")
    var seen = 0
    for line in lines + [long] {
      input.fileHandleForWriting.write(Data("\(line)\n".utf8))
      while output.fileHandleForReading.availableData.last != 0x0A {}
      seen += 1
    }
    let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    func kilobytes(_ name: String) -> Int {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
      return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? -1
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    let anonymous = kilobytes("RssAnon:") * 1024
    print(
      "RssAnon \(anonymous), arena mapping \(plan.arena.mapping), difference \(anonymous - plan.arena.mapping)"
    )
    #expect(seen == 301 && process.terminationStatus == 0)
    #expect(anonymous <= plan.arena.mapping + base)
    // Both ways: an arena of which little is used is planned wrongly.
    #expect(anonymous >= plan.arena.mapping * 3 / 4)
  }
}
