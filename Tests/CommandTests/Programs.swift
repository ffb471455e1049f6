import Foundation
import SourcesTestSupport
import Testing

/// The programs that were built with the tests, and lie beside them.
enum Programs {
  private static let directory = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  static let device = directory.appending(path: "swiftlet-device").path
  static let converter = directory.appending(path: "swiftlet-convert").path
  static let verifier = directory.appending(path: "swiftlet-verify").path
  static let shortlist = directory.appending(path: "swiftlet-shortlist").path
  static let benchmark = directory.appending(path: "swiftlet-bench").path
}

/// This repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
  .standardized

/// What a program left behind.
struct Finished {
  /// The exit status, or minus the signal that ended it.
  let status: Int32
  let output: [UInt8]
  let errors: String

  /// Standard output as text.
  var text: String { String(decoding: output, as: UTF8.self) }
  /// Lines of standard error.
  var complaints: [String] { errors.split(separator: "\n").map(String.init) }
}

/// A program that runs, or has ended.
final class Running {
  let process = Process()
  private let directory: TemporaryDirectory
  private let ended = DispatchSemaphore(value: 0)

  /// Starts a program. What is not given is a file, so that nothing can block.
  init(
    _ program: String, _ arguments: [String], input: Any? = nil, output: Any? = nil,
    environment: [String: String] = [:]
  ) throws {
    signal(SIGPIPE, SIG_IGN)  // A program that ended early is a failed test, not the end of all tests.
    directory = try TemporaryDirectory()
    for name in ["output", "errors"] { try directory.write("", to: name) }
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle(forWritingAtPath: "\(directory.path)/output")
    process.standardError = FileHandle(forWritingAtPath: "\(directory.path)/errors")
    process.terminationHandler = { [ended] _ in ended.signal() }
    // A program begins with the signals blocked that are blocked in the thread that starts it: here, all of them.
    var none = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  /// What is in the output's file so far.
  var outputSoFar: [UInt8] {
    (try? [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/output")))) ?? []
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits until the program stopped itself; false if it ended instead.
  func waitUntilStopped() throws -> Bool {
    while process.isRunning {
      let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
      if status.split(separator: ")").last?.hasPrefix(" T") == true { return true }
      usleep(1000)
    }
    return false
  }

  /// Waits for the end; a program that hangs is a failure of the test.
  ///
  /// - Parameter isBounded: Whether it hangs that takes three minutes.
  func finish(isBounded: Bool = true) throws -> Finished {
    if isBounded, ended.wait(timeout: .now() + 180) == .timedOut {
      Issue.record("\(process.arguments ?? []) hangs")
      send(SIGKILL)
    }
    process.waitUntilExit()
    return Finished(
      status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: outputSoFar,
      errors: try String(contentsOfFile: "\(directory.path)/errors", encoding: .utf8))
  }
}
