import Foundation
import SourcesTestSupport
import SwiftletReport
import SwiftletVerification
import Testing

/// A run that stops and goes on finds what an unbroken one finds.
@Suite struct ResumeTests {
  private struct Stop: Error {}

  private func text(_ limit: Int) throws -> VerificationText {
    try VerificationText(path: "\(AccuracyTests.weights)/dev.tsv", limit: limit)
  }

  private func verifier(_ group: Int = 64) throws -> Verifier {
    try Verifier(source: AccuracyTests.weights, model: try #require(DamageTests.models[group]))
  }

  @Test func goesOnWhereItStopped() throws {
    let directory = try TemporaryDirectory()
    let state = "\(directory.path)/state"
    let verifier = try verifier()
    var first = 0
    _ = try verifier.verify(text(40), state: state) { if first == 0 { first = $0 } }
    #expect(first == 32)
    // The state is of all lines: nothing is left to do.
    var again: [Int] = []
    let resumed = try verifier.verify(text(40), state: state) { again.append($0) }[0]
    #expect(again.isEmpty)
    let unbroken = try verifier.verify(text(40))[0]
    #expect(resumed.text == unbroken.text)
    #expect(resumed.worstLines.map(\.divergence) == unbroken.worstLines.map(\.divergence))
  }

  @Test func refusesAnotherRun() throws {
    let directory = try TemporaryDirectory()
    let state = "\(directory.path)/state"
    _ = try verifier().verify(text(2), state: state)
    for (what, run) in [
      ("another text", { _ = try verifier().verify(text(3), state: state) }),
      ("another model", { _ = try verifier(0).verify(text(2), state: state) }),
    ] {
      let error = #expect(throws: VerificationError.self) { try run() }
      #expect(error?.description.contains(what) == true, "\(String(describing: error))")
    }
    try directory.write("no state", to: "state")
    let error = #expect(throws: VerificationError.self) { _ = try verifier().verify(text(2), state: state) }
    #expect(error?.description.contains("not the state of a verification") == true)
  }

  @Test func textsAndReferences() throws {
    let directory = try TemporaryDirectory()
    let plain = try directory.write("one\r\n\ntwo\tzwei\t\tdeux\n", to: "plain")
    let lines = try VerificationText(path: plain).lines
    #expect(lines.map(\.text) == ["one", "", "two"])
    #expect(lines.map(\.others) == [[], [], ["zwei", "deux"]])
    let own = try directory.write("un\tein\n\ndeux\n", to: "own")
    #expect(
      try VerificationText(path: plain, references: own).lines.map(\.others) == [
        ["un", "ein"], [], ["deux"],
      ])
    let both = try directory.write("one\tun\n\t\ntwo\tdeux\n", to: "both")
    #expect(
      try VerificationText(path: plain, references: both).lines.map(\.others) == [["un"], [], ["deux"]])
    let short = try directory.write("un\n", to: "short")
    #expect(throws: VerificationError.self) { try VerificationText(path: plain, references: short) }
    let broken = try directory.write([0x61, 0x0A, 0xFF, 0x0A], to: "broken")
    let error = #expect(throws: VerificationError.self) { try VerificationText(path: broken) }
    #expect(error?.description.hasSuffix("line 2 is not UTF-8") == true)
  }
}
