import Foundation
import SwiftletKernelSelection

/// What the figures belong to.
struct Machine {
  let processor = processorName()
  let cores = allowedCores()
  let compiler = compilerVersion
  let build = buildConfiguration
  let commit = sourceCommit()
  let kernels = InstructionSet.allCases.filter(\.isSupported).map(\.description)

  /// Its names and values, for JSON and CSV.
  var fields: [(key: String, cell: Cell)] {
    [
      ("processor", .text(processor)), ("cores", .text(cores)), ("compiler", .text(compiler)),
      ("build", .text(build)), ("commit", .text(commit)),
      ("kernels", .text(kernels.joined(separator: " "))),
    ]
  }

  /// Two lines.
  var text: String {
    """
    \(processor), core \(cores); kernels: \(kernels.joined(separator: ", "))
    commit \(commit), \(compiler), \(build)

    """
  }
}

/// How this program was built: the flags that its configuration stands for.
private let buildConfiguration: String = {
  #if DEBUG
    "debug (-Onone)"
  #else
    "release (-O, whole modules)"
  #endif
}()

/// The commit that is checked out where this program lies, and whether something was changed since.
private func sourceCommit() -> String {
  let git = Process()
  git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  let folder = Bundle.main.executableURL?.deletingLastPathComponent().path ?? "."
  git.arguments = ["git", "-C", folder, "describe", "--always", "--dirty", "--exclude=*"]
  let output = Pipe()
  git.standardOutput = output
  git.standardError = FileHandle.nullDevice
  guard (try? git.run()) != nil else { return "unknown" }
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  git.waitUntilExit()
  let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
  return git.terminationStatus == 0 && !commit.isEmpty ? commit : "unknown"
}

/// The cores that the system lets this process use, as Linux lists them.
private func allowedCores() -> String {
  let lines =
    (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n") ?? []
  let line = lines.first { $0.hasPrefix("Cpus_allowed_list:") }
  return line?.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? "unknown"
}

/// The Swift compiler that built this program. The language only lets a program ask for a least version.
let compilerVersion: String = {
  #if compiler(>=6.4)
    "Swift 6.4 or later"
  #elseif compiler(>=6.3.3)
    "Swift 6.3.3 or later"
  #elseif compiler(>=6.3.2)
    "Swift 6.3.2"
  #elseif compiler(>=6.3.1)
    "Swift 6.3.1"
  #elseif compiler(>=6.3)
    "Swift 6.3"
  #else
    "Swift 6.2"
  #endif
}()

/// The processor's name, as the system gives it.
private func processorName() -> String {
  #if os(Linux)
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    for key in ["model name", "Model", "Hardware", "uarch", "CPU part"] {
      guard let line = lines.first(where: { $0.hasPrefix(key) }), let colon = line.firstIndex(of: ":") else {
        continue
      }
      return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
  #endif
  return "unknown processor"
}

/// The process's resident set in bytes: its peak so far, and now; 0 where the system doesn't say.
func residentBytes() -> (peak: Int, now: Int) {
  let lines =
    (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n") ?? []
  func kilobytes(_ key: String) -> Int {
    guard let line = lines.first(where: { $0.hasPrefix(key) }) else { return 0 }
    return Int(line.filter(\.isNumber)) ?? 0
  }
  return (1024 * kilobytes("VmHWM:"), 1024 * kilobytes("VmRSS:"))
}

/// Lets the peak of `residentBytes` start anew, where the system can: for what runs from here on.
func restartPeakOfResidentBytes() {
  try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
}
