import Foundation
import SourcesTestSupport
import Testing

/// Faults that a preloaded library injects: see Tests/FaultInjector.
enum Injection {
  /// The library, compiled once.
  static let library: String? = {
    guard let directory = try? TemporaryDirectory() else { return nil }
    let path = "\(directory.path)/libinject.so"
    let compiled = try? shell(
      "\"$(command -v clang || command -v cc)\" -O2 -shared -fPIC -o \"$0\" \"$1\" -ldl",
      [path, "\(repository.path)/Tests/FaultInjector/inject.c"])
    return compiled?.status == 0 ? path : nil
  }()

  /// What tells the library what to do at which call.
  static func environment(_ fault: String, _ calls: String, at: Int = 1) throws -> [String: String] {
    [
      "LD_PRELOAD": try #require(library), "SWIFTLET_FAULT": fault, "SWIFTLET_FAULT_CALLS": calls,
      "SWIFTLET_FAULT_AT": "\(at)",
    ]
  }

  /// How many calls of a kind a program makes when nothing is wrong.
  static func count(
    _ program: String, _ arguments: [String], _ calls: String, input: some Sequence<UInt8> = [UInt8]()
  ) throws -> Int {
    let directory = try TemporaryDirectory()
    let report = "\(directory.path)/report"
    let settings = try environment("count", calls).merging(["SWIFTLET_FAULT_REPORT": report]) { $1 }
    let finished = try run(program, arguments, input: input, environment: settings)
    #expect(finished.status == 0, "\(finished.errors)")
    let text = try String(contentsOfFile: report, encoding: .utf8)
    return try #require(Int(text.dropLast()))
  }
}

/// What a test needs of the machine. What is missing is said where the test is skipped.
enum Needs {
  /// Whether a line of the shell succeeds.
  static func works(_ script: String) -> Bool { (try? shell(script, []))?.status == 0 }

  static let isRoot = geteuid() == 0
  /// Mounts of one's own, which no other program sees.
  static let mounts = works("exec unshare -m mount -t tmpfs none /mnt")
  static let limits = works("command -v prlimit setpriv")
  /// A file system in a file.
  static let loop = mounts && works("command -v mkfs.ext4 losetup && losetup -f")
  /// A program that a library can be preloaded into.
  static let preloads: Bool = {
    guard let directory = try? TemporaryDirectory(),
      let settings = try? Injection.environment("count", "write")
    else { return false }
    let report = "\(directory.path)/report"
    _ = try? run(
      Programs.testedDevice, ["--version"],
      environment: settings.merging(["SWIFTLET_FAULT_REPORT": report]) { $1 })
    return FileManager.default.fileExists(atPath: report)
  }()
}
