import Foundation
import SourcesTestSupport
import Testing

/// One digest for every instruction set.
@Suite(.serialized) struct DigestTests {
  @Test(arguments: EnFr.all.map(\.group))
  func kernelsAgreeToTheBit(group: String) throws {
    let model = try #require(EnFr.all.first { $0.group == group }).path
    let kernels = try supportedKernels()
    #expect(kernels.contains("plain"))
    func digests(_ lines: [String], _ kernels: [String]) throws -> Set<String> {
      Set(
        try kernels.map {
          let finished = try swiftlet(["translate", model, "--digest", "--kernel", $0], lines: lines)
          #expect(finished.status == 0 && finished.output.count == 17)
          return finished.text
        })
    }
    #expect(try digests(sentences(20), kernels).count == 1)
    // Plain is slow: the others also agree on more.
    #expect(try digests(sentences(200), kernels.filter { $0 != "plain" }).count <= 1)
  }

  @Test func theDigestIsOfTokensAndProbabilities() throws {
    let lines = try sentences(3)
    let one = try swiftlet(["translate", EnFr.path, "--digest"], lines: lines).text
    #expect(try swiftlet(["translate", EnFr.path, "--digest"] + lines).text == one)
    #expect(try swiftlet(["translate", EnFr.path, "--digest"], lines: lines.reversed()).text != one)
    #expect(
      try swiftlet(["translate", EnFr.path, "--digest", "--max-tokens", "2"], lines: lines).text != one)
    #expect(try swiftlet(["translate", EnFr.all[1].path, "--digest"], lines: lines).text != one)
    // No output, no tokens: XXH64 of nothing.
    #expect(try swiftlet(["translate", EnFr.path, "--digest"]).text == "ef46db3751d8e999\n")
  }
}
