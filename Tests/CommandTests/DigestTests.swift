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

  /// Every instruction set over all 1,000 dev sentences, eight at a time.
  @Test func kernelsAgreeOverTheDevSet() throws {
    #expect(
      try digests(sentences(1000), supportedKernels().map { ["--kernel", $0, "--batch", "8"] }).count == 1)
  }

  /// One to four threads, one sentence at a time or eight.
  @Test func threadsAndBatchesAgreeToTheBit() throws {
    let options = (1...4).flatMap { threads in
      ["1", "8"].map { ["--threads", "\(threads)", "--batch", $0] }
    }
    #expect(try digests(sentences(200), options).count == 1)
  }

  private func digests(_ lines: [String], _ options: [[String]]) throws -> Set<String> {
    var digests: Set<String> = []
    for options in options {
      let finished = try swiftlet(["translate", EnFr.path, "--digest"] + options, lines: lines)
      #expect(finished.status == 0, "\(options): \(finished.errors)")
      digests.insert(finished.text)
    }
    return digests
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
