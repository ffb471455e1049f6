import Foundation
import SourcesTestSupport
import SwiftletKernelSelection
import Testing

/// What is promised of translation holds for the other commands: no allocation, the planned memory, the same bits, and
/// errors that say what to do.
@Suite(.serialized) struct TaskPromisesTests {
  @Test(arguments: FamilyModel.commands) func kernelsAndThreadsAgreeToTheBit(_ command: [String]) throws {
    let kernels = InstructionSet.allCases.filter(\.isSupported).map { ["--kernel", $0.description] }
    let digests = try (kernels + [["--threads", "2"], ["--threads", "4"]]).map {
      let finished = try swiftlet(command + ["--digest"] + $0, lines: FamilyModel.lines)
      #expect(finished.status == 0, "\(finished.errors)")
      return finished.text
    }
    #expect(Set(digests).count == 1 && digests[0] != "ef46db3751d8e999\n")
  }

  @Test(arguments: FamilyModel.commands + [["tokenize", FamilyModel.path("llama")]])
  func nothingIsAllocatedAndTheArenaIsThePlan(_ command: [String]) throws {
    let lines = (0..<100).flatMap { _ in FamilyModel.lines }
    for options in [[], ["--json"]] {
      let report = try AllocationReport.of(command + options, lines: lines)
      #expect(report["allocations_between_open_and_last_write"] == 0)
      #expect(report["frees"] == 0 && report["anonymous_maps"] == 1)
      guard command[0] != "tokenize" else { continue }
      let plan = try PlanTests.plan(command[0] == "score" ? ["--score"] : [], model: command[1])
      #expect(report["anonymous_map_bytes"] == plan.arena.bytes, "\(command[0])")
    }
  }

  @Test func modelsAreForTheirTasks() throws {
    let cases = [
      ("translate", "llama", "the model has a decoder alone: use generate, or score"),
      ("embed", "llama", "the model has a decoder alone: use generate, or score"),
      ("translate", "bert", "the model has an encoder alone, without classes: use embed"),
      ("generate", "bert-classes", "the model has an encoder alone, with classes of texts: use classify"),
      ("fill", "bert-tokens", "the model has an encoder alone, with classes of tokens: use classify"),
      ("embed", "bert-masked", "the model has an encoder alone, that predicts masked tokens: use fill"),
      ("score", "bert", "the model has an encoder alone, without classes: use embed"),
      ("classify", "bart", "the model has an encoder and a decoder: use translate, or score"),
    ]
    for (command, name, complaint) in cases {
      let path = FamilyModel.path(name)
      let finished = try swiftlet([command, path, "a"])
      #expect(finished.complaints == ["swiftlet: error: \(path): \(complaint)"] && finished.status == 1)
      #expect(finished.output == [])
    }
  }

  @Test(arguments: [
    (["embed", "m", "--batch", "2"], "not an option of this command: --batch"),
    (["embed", "m", "--max-target", "2"], "not an option of this command: --max-target"),
    (["translate", "m", "--raw"], "not an option of this command: --raw"),
    (["classify", "m", "--top"], "a number must follow --top"),
    (["classify", "m", "--top", "65"], "--top must be 1 to 64, not 65"),
    (["embed", "m", "--pooling", "sum"], "--pooling must be mean, first, last or max, not sum"),
    (["embed", "m", "--raw", "--json"], "--raw can't be used with --json, --digest or --similarity"),
    (["tokenize", "m", "--decode", "--ids"], "--decode can't be used with --ids"),
    (["generate", "m", "--echo", "--batch", "2"], "--echo can't be used with --batch"),
    (["translate", "m", "--target-language"], "a language's code must follow --target-language"),
  ])
  func wrongUsageIsOneLine(arguments: [String], complaint: String) throws {
    let finished = try swiftlet(arguments)
    #expect(finished.errors == "swiftlet: error: \(complaint) (try swiftlet --help)\n")
    #expect(finished.output == [] && finished.status == 2)
  }

  @Test func limitsThatMakeNoSenseAreRefused() throws {
    let bert = FamilyModel.path("bert")
    let text = "the model has an encoder alone, without classes: use embed"
    for (options, name) in [(["--max-target", "8"], "--max-target"), (["--batch", "2"], "--batch")] {
      let finished = try swiftlet(["plan", bert] + options)
      #expect(finished.complaints == ["swiftlet: error: \(bert): \(name) can't be used: \(text)"])
    }
    let score = try swiftlet(["score", FamilyModel.path("llama"), "--max-source", "8", "a"])
    #expect(score.errors.contains("--max-source can't be used: the model has a decoder alone"))
    #expect(try swiftlet(["info", bert]).text.contains("\ntask=vectors\n"))
    let language = try swiftlet(["translate", FamilyModel.path("bart"), "--target-language", "fr", "a"])
    #expect(language.errors.contains("--target-language: the vocabulary has no token of this language"))
  }

  @Test func linesThatFailKeepTheirPlace() throws {
    for command in FamilyModel.commands {
      let bytes = Array("a\tb [MASK]\n".utf8)
      let input = bytes + [0x61, 0xFF, 0x09, 0x61, 0x0A] + bytes
      let finished = try run(Programs.device, command + ["--json"], input: input)
      let found = try objects(finished)
      #expect(found.count == 3 && found[1]["error"] as? String == "not UTF-8 at byte 1", "\(command[0])")
      #expect(finished.complaints == ["swiftlet: error: line 2: not UTF-8 at byte 1"])
      #expect(finished.status == 1)
      let full = try run(Programs.device, command, input: bytes, output: "/dev/full")
      #expect(
        full.complaints == ["swiftlet: error: standard output: cannot write: No space left on device"])
    }
  }
}
