import Foundation
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
    ([], "no SOURCE given"), (["a"], "no MODEL given"), (["a", "b", "c"], "unexpected argument c"),
    (["a", "b", "--max-kl", "x"], "--max-kl is x, not a number"), (["--limit", "0"], "--limit needs"),
    (["a", "b", "--wings"], "unknown option --wings"),
  ])
  func wrongUsage(_ arguments: [String], _ message: String) throws {
    let finished = try run(Programs.verifier, arguments)
    #expect(finished.status == 2 && finished.text == "")
    #expect(finished.errors.hasPrefix("swiftlet-verify: error: \(message)"))
  }

  @Test func badInputIsAnError() throws {
    for (source, model, text) in [
      ("/nonexistent", EnFr.path, "/nonexistent/dev.tsv"),
      (enFrSource, "/nonexistent", "/nonexistent: cannot open"),
      (enFrSource, "\(enFrSource)/vocab.json", "not a .swiftlet model"),
    ] {
      let finished = try run(Programs.verifier, [source, model])
      #expect(finished.status == 1 && finished.text == "")
      #expect(finished.errors.contains(text), "\(finished.errors)")
    }
  }
}
