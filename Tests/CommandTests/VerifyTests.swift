import Foundation
import SourcesTestSupport
import Testing

/// `swiftlet-verify`: what it says, and the status that a script decides by.
@Suite struct VerifyTests {
  private func verify(_ arguments: String...) throws -> Finished {
    try run(Programs.verifier, [enFrSource, EnFr.path, "--limit", "5"] + arguments)
  }

  @Test func limitsSetTheStatus() throws {
    let passing = try verify("--max-kl", "1", "--min-same-top", "50")
    #expect(passing.status == 0 && passing.errors == "")
    #expect(passing.text.hasPrefix("5 lines, "))
    let diverging = try verify("--max-kl", "1e-12")
    #expect(diverging.status == 1)
    #expect(diverging.errors.hasPrefix("swiftlet-verify: the mean KL divergence is "))
    let differing = try verify("--min-same-top", "100.5")
    #expect(differing.status == 1)
    #expect(differing.errors.hasPrefix("swiftlet-verify: the same top token is "))
  }

  @Test func jsonHasTheNumbers() throws {
    let finished = try verify("--json", "-")
    let object = try JSONSerialization.jsonObject(with: Data(finished.text.utf8))
    let numbers = try #require(object as? [String: Any])
    #expect(numbers["sentences"] as? Int == 5)
    #expect((numbers["kl_mean"] as? Double).map { $0 > 0 && $0 < 0.01 } == true)
    #expect((numbers["layers"] as? [Any])?.count == 6)
  }

  @Test(arguments: [
    ([], "no SOURCE given"), (["a"], "no MODEL given"), (["a", "b", "--resume"], "--resume needs a value"),
    (["a", "b", "--min-rank-correlation", "-1"], "--min-rank-correlation is -1, not a number"),
    (["a", "b", "--max-kl", "x"], "--max-kl is x, not a number"), (["--limit", "0"], "--limit needs"),
    (["a", "b", "--wings"], "unknown option --wings"),
  ])
  func wrongUsage(_ arguments: [String], _ message: String) throws {
    let finished = try run(Programs.verifier, arguments)
    #expect(finished.status == 2 && finished.text == "")
    #expect(finished.errors.hasPrefix("swiftlet-verify: error: \(message)"))
  }

  @Test func filesForBrowsersAndIntegration() throws {
    let directory = try TemporaryDirectory()
    let (page, junit, json) = (
      "\(directory.path)/page.html", "\(directory.path)/junit.xml", "\(directory.path)/numbers.json"
    )
    let finished = try verify("--html", page, "--junit", junit, "--json", json, "--max-kl", "1e-12")
    #expect(finished.status == 1 && finished.text.contains("FAILED: the mean KL divergence is "))
    #expect(try String(contentsOfFile: page, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("failures=\"1\""))
    #expect(try String(contentsOfFile: json, encoding: .utf8).contains("\"passed\" : false"))
    let unwritable = try verify("--html", "/nonexistent/page.html")
    #expect(
      unwritable.status == 1
        && unwritable.errors.hasPrefix("swiftlet-verify: error: /nonexistent/page.html: "))
  }

  @Test func severalModelsAndAState() throws {
    let directory = try TemporaryDirectory()
    let state = "\(directory.path)/state"
    let arguments = [enFrSource, EnFr.all[0].path, EnFr.all[2].path, "--limit", "5", "--resume", state]
    let first = try run(Programs.verifier, arguments)
    #expect(first.status == 0 && first.text.contains("\nmean KL divergence  "))
    #expect(try run(Programs.verifier, arguments).output == first.output)
    let other = try run(Programs.verifier, [enFrSource, EnFr.path, "--limit", "5", "--resume", state])
    #expect(other.status == 1 && other.errors.contains("the state of a verification of another model"))
  }

  @Test func textsAndReferencesThatDoNotFit() throws {
    let directory = try TemporaryDirectory()
    let text = try directory.write("One.\n\nTwo.\n", to: "text")
    let sparse = try run(Programs.verifier, [enFrSource, EnFr.path, "--text", text])
    #expect(sparse.status == 0 && sparse.text.contains("2 lines") && sparse.text.contains("1 lines skipped"))
    for (content, message) in [
      ([0x41, 0xFF, 0x0A], "line 1 is not UTF-8"), ([], "no line to verify"),
      ([0x0A, 0x0A], "no line to verify"),
    ] as [([UInt8], String)] {
      let path = try directory.write(content, to: "bad")
      let finished = try run(Programs.verifier, [enFrSource, EnFr.path, "--text", path])
      #expect(finished.status == 1 && finished.errors.contains(message), "\(finished.errors)")
    }
    let short = try directory.write("Un.\n", to: "short")
    let finished = try run(Programs.verifier, [enFrSource, EnFr.path, "--text", text, "--references", short])
    #expect(finished.status == 1 && finished.errors.contains("1 lines of references for 3 lines of text"))
  }

  @Test func closedPipeIsQuiet() throws {
    let finished = try run(
      "/bin/sh", ["-c", "'\(Programs.verifier)' '\(enFrSource)' '\(EnFr.path)' --limit 2 --quiet | true"])
    #expect(finished.status == 0 && finished.errors == "")
  }

  @Test func badInputIsAnError() throws {
    for (source, model, text) in [
      ("/nonexistent", EnFr.path, "/nonexistent"),
      (enFrSource, "/nonexistent", "/nonexistent: cannot open"),
      (enFrSource, "\(enFrSource)/vocab.json", "not a .swiftlet model"),
    ] {
      let finished = try run(Programs.verifier, [source, model])
      #expect(finished.status == 1 && finished.text == "")
      #expect(finished.errors.contains(text), "\(finished.errors)")
    }
  }
}
