import Foundation
import SourcesTestSupport
import Testing

/// Sentences together give what they give alone, in their order.
struct BatchTests {
  /// Lines that fail, lines without tokens and a last batch that is not full, among others.
  @Test(arguments: [
    ["--batch", "3"], ["--batch", "7", "--json"], ["--batch", "64"], ["--batch", "2", "--threads", "2"],
  ])
  func outputIsThatOfOneByOne(_ options: [String]) throws {
    var input: [UInt8] = []
    for (number, line) in try sentences(31).enumerated() {
      if number % 5 == 1 { input += [0x0A] }
      if number % 11 == 3 { input += [0x41, 0xFF, 0x0A] }
      if number % 13 == 5 { input += Array(String(repeating: "word ", count: 2000).utf8) + [0x0A] }
      input += Array(line.utf8) + [0x0A]
    }
    let alone = options.filter { $0 == "--json" }
    let expected = try run(Programs.device, ["translate", EnFr.path] + alone, input: input)
    let found = try run(Programs.device, ["translate", EnFr.path] + options, input: input)
    #expect(expected.status == 1 && found.status == 1)
    #expect(found.output == expected.output)
    #expect(found.errors == expected.errors)
    #expect(found.output.filter { $0 == 0x0A }.count == input.filter { $0 == 0x0A }.count)
  }

  @Test func argumentsAreABatchToo() throws {
    let texts = try sentences(5)
    let alone = try swiftlet(["translate", EnFr.path] + texts)
    #expect(try swiftlet(["translate", EnFr.path, "--batch", "4"] + texts).output == alone.output)
  }

  @Test(arguments: [
    (["--batch", "1025"], "--batch is 1025, must be 1 to 1024"),
    (["--threads", "65"], "--threads is 65, must be 1 to 64"),
    (["--batch", "8", "--memory", "100K"], "lower --"),
  ])
  func limitsAreErrors(_ options: [String], message: String) throws {
    let finished = try swiftlet(["translate", EnFr.path] + options + ["a"])
    #expect(finished.status == 1 && finished.output.isEmpty)
    #expect(finished.errors.contains(message))
  }
}
