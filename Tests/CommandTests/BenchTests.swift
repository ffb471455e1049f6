import Foundation
import SourcesTestSupport
import Testing

/// The benchmark's command line and what it writes. Nothing here looks at a time.
@Suite struct BenchTests {
  @Test(arguments: [
    (["--wings"], "unknown option --wings"), (["--model"], "--model needs a value"),
    (["--group", "16"], "--group is 16, must be row, 64 or 32"),
    (["--offset", "some"], "--offset is some, must be all, inner or none"),
    (["--source", "8,,16"], "--source is , must be 1 to 8192"),
    (["--target", "0"], "--target is 0, must be 1 to 8192"),
    (["--only", "lunch"], "--only is lunch, must be translations, roof, products, steps or scaling"),
    (["--repeat", "0"], "--repeat is 0, must be 1 to 1000"),
  ])
  func wrongUsageIsNamed(arguments: [String], complaint: String) throws {
    let finished = try run(Programs.benchmark, arguments)
    #expect(finished.complaints.first == "swiftlet-bench: error: \(complaint)")
    #expect(finished.output == [] && finished.status == 2)
  }

  @Test func aMissingModelIsNamed() throws {
    let finished = try run(Programs.benchmark, ["/nonexistent"])
    let complaint = "swiftlet-bench: error: /nonexistent: cannot open it: No such file or directory"
    #expect(finished.complaints == [complaint])
    #expect(finished.status == 1)
  }

  @Test func allThreeFormatsHaveTheSameResults() throws {
    let folder = try TemporaryDirectory().path
    let finished = try run(
      Programs.benchmark,
      [
        "--model", EnFr.path, "--only", "steps", "--repeat", "1", "--source", "5,9", "--target", "3",
        "--json", "\(folder)/json", "--csv", "\(folder)/csv",
      ])
    #expect(finished.status == 0 && finished.errors == "")
    let json = try results("\(folder)/json")
    #expect(json.encoding.map(\.source_tokens) == [5, 9])
    #expect(json.decoding.map(\.target_tokens) == [3])
    let digest = try #require(json.decoding.first?.digest)
    #expect(finished.text.contains(digest))
    let csv = try String(contentsOfFile: "\(folder)/csv", encoding: .utf8).split(separator: "\n")
    let fields = csv.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
    #expect(csv.count == 5 && Set(fields.dropFirst()).count == 1)
    #expect(csv.last?.contains(digest) == true)
  }

  @Test func allKernelsGiveTheSameDigest() throws {
    let folder = try TemporaryDirectory().path
    let kernels = try supportedKernels().flatMap { ["--kernel", $0] }
    _ = try run(
      Programs.benchmark,
      [
        EnFr.path, "--only", "steps", "--repeat", "1", "--source", "4", "--target", "6",
        "--json", "\(folder)/json",
      ] + kernels)
    let json = try results("\(folder)/json")
    #expect(json.decoding.count == kernels.count / 2 && Set(json.decoding.map(\.digest)).count == 1)
  }

  private func results(_ path: String) throws -> Results {
    try JSONDecoder().decode(Results.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Some of what the benchmark writes as JSON.
  struct Results: Decodable {
    struct Encoding: Decodable { let source_tokens: Int }
    struct Decoding: Decodable {
      let target_tokens: Int
      let digest: String
    }
    let encoding: [Encoding]
    let decoding: [Decoding]
  }
}
