import Foundation
import SourcesTestSupport
import Testing

/// `swiftlet translate`: what it writes, what it refuses, and how it ends.
@Suite struct TranslateTests {
  private let english = "The cat sat on the mat."
  private let french = "Le chat s'assit sur le tapis."

  private func translate(_ options: [String] = [], input: [UInt8]) throws -> Finished {
    try run(Programs.device, ["translate", EnFr.path] + options, input: input)
  }

  @Test func argumentsAreTranslated() throws {
    let finished = try swiftlet(["translate", EnFr.path, english, "", english])
    #expect(finished.text == "\(french)\n\n\(french)\n")
    #expect(finished.errors == "" && finished.status == 0)
    // Options may stand anywhere.
    let mixed = try swiftlet(["translate", "--max-source", "64", EnFr.path, english, "--max-target", "64"])
    #expect(mixed.text == "\(french)\n" && mixed.status == 0)
  }

  @Test func linesAreTranslated() throws {
    let finished = try translate(input: Array("\(english)\n\n   \n\(english)\n".utf8))
    #expect(finished.text == "\(french)\n\n\n\(french)\n")
    #expect(finished.errors == "" && finished.status == 0)
  }

  @Test func lineEndsDontMatter() throws {
    #expect(try translate(input: Array(english.utf8)).text == "\(french)\n")
    #expect(
      try translate(input: Array("\(english)\r\n\r\n\(english)\r\n".utf8)).text == "\(french)\n\n\(french)\n")
    #expect(try translate(input: []).output == [])
    #expect(try translate(input: [0x0A]).text == "\n")
  }

  @Test func linesThatCantBeTranslatedKeepTheirPlace() throws {
    let words = Array(repeatElement("cat", count: 400).joined(separator: " ").utf8)
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 4097)
    let long = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let lines = [Array(english.utf8), [0x61, 0xFF, 0x62], words, bytes, long, Array(english.utf8), long]
    let finished = try translate(input: Array(lines.joined(separator: [0x0A])))
    #expect(finished.text == "\(french)\n\n\n\n\n\(french)\n\n")
    #expect(finished.status == 1)
    #expect(
      finished.complaints == [
        "swiftlet: error: line 2: not UTF-8 at byte 1",
        "swiftlet: error: line 3: too long: 401 tokens, at most 256; raise --max-source",
        "swiftlet: error: line 4: too long: 4097 bytes, at most 4096; raise --max-source",
        "swiftlet: error: line 5: too long: 1000000 bytes, at most 4096; raise --max-source",
        "swiftlet: error: line 7: too long: 1000000 bytes, at most 4096; raise --max-source",
      ])
    let argument = try swiftlet(["translate", EnFr.path, english, String(repeating: "a", count: 5000)])
    #expect(argument.text == "\(french)\n\n" && argument.status == 1)
    #expect(
      argument.complaints == [
        "swiftlet: error: argument 2: too long: 5000 bytes, at most 4096; raise --max-source"
      ])
  }

  @Test func jsonSaysTheSameAsTheText() throws {
    let lines = try sentences(30) + ["", "\"quoted\" \\ and\ttabbed", "中文 😀"]
    let texts = try swiftlet(["translate", EnFr.path], lines: lines).text.split(
      separator: "\n", omittingEmptySubsequences: false)
    let objects = try swiftlet(["translate", EnFr.path, "--json"], lines: lines).text.split(separator: "\n")
    #expect(objects.count == lines.count && texts.count == lines.count + 1)
    for (object, text) in zip(objects, texts) {
      let value = try #require(try JSONSerialization.jsonObject(with: Data(object.utf8)) as? [String: Any])
      #expect(value["text"] as? String == String(text))
      let ids = try #require(value["ids"] as? [Int])
      let probabilities = try #require(value["log_probabilities"] as? [Double])
      #expect(ids.count == probabilities.count && ids.count == (value["tokens"] as? [String])?.count)
      #expect(probabilities.allSatisfy { $0 <= 0 })
      #expect(text.isEmpty || (ids.last == 0 && (value["source_ids"] as? [Int])?.last == 0))
    }
    let failed = try translate(["--json"], input: [0xFF, 0x0A])
    let value = try JSONSerialization.jsonObject(with: Data(failed.output)) as? [String: String]
    #expect(value == ["error": "not UTF-8 at byte 0"] && failed.status == 1)
  }

  @Test func theCountOfTokensCanBeLimited() throws {
    for count in [1, 3] {
      let finished = try swiftlet(["translate", EnFr.path, "--json", "--max-tokens", "\(count)", english])
      let value = try JSONSerialization.jsonObject(with: Data(finished.output)) as? [String: Any]
      #expect((value?["ids"] as? [Int])?.count == count)
    }
    let target = try swiftlet(["translate", EnFr.path, "--json", "--max-target", "2", english])
    let value = try JSONSerialization.jsonObject(with: Data(target.output)) as? [String: Any]
    #expect((value?["ids"] as? [Int])?.count == 2 && target.status == 0)
  }

  @Test func aReaderThatGoesAwayIsNoError() throws {
    let command =
      "yes '\(english)' 2>/dev/null | '\(Programs.device)' translate '\(EnFr.path)' | head -n 1; exit ${PIPESTATUS[1]}"
    let finished = try run("/bin/bash", ["-c", command])
    #expect(finished.text == "\(french)\n")
    #expect(finished.errors == "" && finished.status == 1)
  }

  @Test func aFullDiskIsAnError() throws {
    for options in [[], ["--json"], ["--digest"]] {
      let finished = try run(
        Programs.device, ["translate", EnFr.path] + options, input: "\(english)\n\(english)\n".utf8,
        output: "/dev/full")
      #expect(
        finished.complaints == ["swiftlet: error: standard output: cannot write: No space left on device"])
      #expect(finished.status == 1)
    }
    for command in [["--help"], ["plan", EnFr.path], ["info", EnFr.path]] {
      #expect(try run(Programs.device, command, output: "/dev/full").status == 1)
    }
  }

  @Test func limitsAreKept() throws {
    let memory = try swiftlet(["translate", EnFr.path, "--memory", "1M", english])
    let needed = try PlanTests.plan().arena.bytes
    let missing = needed - 1_048_576
    #expect(
      memory.complaints == [
        "swiftlet: error: \(EnFr.path): not enough memory: requested \(needed) bytes, available 1048576, "
          + "missing \(missing); lower --max-source"
      ])
    #expect(memory.status == 1 && memory.output == [])
    #expect(try swiftlet(["translate", EnFr.path, "--memory", "\(needed)", english]).text == "\(french)\n")
    let less = [
      "translate", EnFr.path, "--memory", "1M", "--max-source", "64", "--max-target", "64", english,
    ]
    #expect(try swiftlet(less).text == "\(french)\n")
    let source = try swiftlet(["translate", EnFr.path, "--max-source", "257", english])
    #expect(source.complaints == ["swiftlet: error: \(EnFr.path): --max-source is 257, must be 2 to 256"])
    let target = try swiftlet(["translate", EnFr.path, "--max-target", "1000", english])
    #expect(target.complaints == ["swiftlet: error: \(EnFr.path): --max-target is 1000, must be 1 to 256"])
    #expect(source.status == 1 && target.status == 1)
  }
}
