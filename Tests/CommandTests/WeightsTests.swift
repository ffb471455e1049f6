import Foundation
import SourcesTestSupport
import Testing

/// Where weights are kept, and which kernels read them.
struct WeightsTests {
  @Test(arguments: ["mmap", "lock", "copy"])
  func everyPlacementGivesTheSame(_ placement: String) throws {
    let lines = try sentences(5)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: EnFr.path)).count
    let expected = try swiftlet(["translate", EnFr.path, "--digest"], lines: lines)
    let found = try swiftlet(["translate", EnFr.path, "--digest", "--weights", placement], lines: lines)
    if placement == "lock", found.status == 1 {
      // A process may be allowed to lock less than the file: then it says how much.
      #expect(found.errors.contains("cannot lock \(bytes) bytes in memory, allowed are "))
    } else {
      #expect(found.status == 0 && found.text == expected.text)
    }
  }

  @Test func environmentNamesTheKernels() throws {
    func kernels(_ options: [String], _ value: String) throws -> Finished {
      try run(Programs.device, ["info", EnFr.path] + options, environment: ["SWIFTLET_KERNEL": value])
    }
    #expect(try kernels([], "plain").text.hasSuffix("kernels=plain\n"))
    #expect(try kernels(["--kernel", "plain"], "mmx").text.hasSuffix("kernels=plain\n"))
    let wrong = try kernels([], "mmx")
    #expect(wrong.status == 2 && wrong.errors.contains("no such instruction set (see --help): mmx"))
  }
}
