import Foundation
import SourcesTestSupport
import Testing

/// Places that files can't be written to or read from.
@Suite struct PlaceFaultTests {
  /// Converts to a file in the directory `out`, after a line of the shell, which is in the directory above.
  ///
  /// - Parameter user: Words before the program that make it another user's.
  private func convert(
    _ prepare: String, isolated: Bool = false, user: [String] = []
  ) throws -> (Finished, target: String) {
    let directory = try TemporaryDirectory()
    let target = "\(directory.path)/out/model.swiftlet"
    try FileManager.default.createDirectory(
      atPath: "\(directory.path)/out", withIntermediateDirectories: false)
    let words = [Programs.converter, try FamilyModel.marian(), "-o", target, "--quiet"]
    let ended = try shell(
      "cd \"$0\" && \(prepare) && \"$@\"; status=$?; ls out; exit $status", [directory.path] + user + words,
      isolated: isolated)
    #expect(ended.output == [], "nothing is left in the directory")
    return (ended, target)
  }

  @Test(.enabled(if: Needs.mounts, "NOT TESTED: mounts need root"), arguments: ["4k", "16k"])
  func aFullDiskIsAnError(size: String) throws {
    let (ended, target) = try convert("mount -t tmpfs -o size=\(size) none out", isolated: true)
    #expect(ended.errors == "swiftlet-convert: error: cannot write \(target): No space left on device\n")
    #expect(ended.status == 1)
  }

  @Test(.enabled(if: Needs.mounts, "NOT TESTED: mounts need root")) func aReadOnlyDiskIsAnError() throws {
    let (ended, target) = try convert("mount -t tmpfs -o ro none out", isolated: true)
    #expect(ended.errors == "swiftlet-convert: error: cannot create \(target): Read-only file system\n")
    #expect(ended.status == 1)
  }

  @Test(.enabled(if: Needs.isRoot && Needs.limits, "NOT TESTED: becoming another user needs root"))
  func aDirectoryOfAnotherIsAnError() throws {
    let (ended, target) = try convert(":", user: ["setpriv", "--reuid=65534", "--clear-groups"])
    #expect(ended.errors == "swiftlet-convert: error: cannot create \(target): Permission denied\n")
    #expect(ended.status == 1)
  }

  @Test func aMissingDirectoryIsAnError() throws {
    let target = "\(try TemporaryDirectory().path)/missing/model.swiftlet"
    let ended = try run(Programs.converter, [try FamilyModel.marian(), "-o", target, "--quiet"])
    #expect(ended.errors == "swiftlet-convert: error: cannot create \(target): No such file or directory\n")
  }

  @Test(arguments: ["/dev/full", "/dev/null", "/tmp"]) func aTargetThatIsNoFileIsAnError(target: String)
    throws
  {
    let ended = try run(Programs.converter, [try FamilyModel.marian(), "-o", target, "--quiet"])
    #expect(ended.isTypedError && ended.errors.hasSuffix("Not a regular file\n"), "\(ended)")
  }

  @Test func aFileThatMayNotGrowIsAnError() throws {
    let (ended, target) = try convert("ulimit -f 16")
    #expect(ended.errors == "swiftlet-convert: error: cannot write \(target): File too large\n")
    #expect(ended.status == 1)
  }
}
